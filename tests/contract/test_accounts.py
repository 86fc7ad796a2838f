from datetime import timedelta

import pytest

from darkroom.domain.errors import NotFound
from darkroom.domain.ports import WorkspaceExists
from tests.builders import NOW, WORKSPACE, account, grant


def test_a_workspace_opens_with_its_grant_in_the_ledger(store):
    store.accounts.open(account(50), grant(account(50)))
    assert store.accounts.get(WORKSPACE) == account(50)
    assert store.ledger() == [("grant", 50, None)]


def test_a_workspace_opens_once(funded):
    with pytest.raises(WorkspaceExists):
        funded.accounts.open(account(50), grant(account(50)))
    assert funded.accounts.get(WORKSPACE).balance == 100


def test_an_unknown_workspace_is_none_and_admits_nobody(store):
    assert store.accounts.get("nobody") is None
    with pytest.raises(NotFound):
        store.accounts.admit("nobody", NOW)


def test_requests_are_counted_by_the_minute(funded):
    counts = [funded.accounts.admit(WORKSPACE, NOW).requests_this_minute for _ in range(3)]
    later = funded.accounts.admit(WORKSPACE, NOW + timedelta(minutes=1))
    assert counts == [1, 2, 3]
    assert later.requests_this_minute == 1
    assert later.balance == 100
