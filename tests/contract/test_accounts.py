from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.errors import NotFound
from darkroom.domain.money import Entry, LedgerEntry, Terms
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
        store.accounts.count_request("nobody", "k", NOW)


def test_requests_are_counted_by_the_minute(funded):
    counts = [
        funded.accounts.count_request(WORKSPACE, "k", NOW).requests_this_minute for _ in range(3)
    ]
    later = funded.accounts.count_request(WORKSPACE, "k", NOW + timedelta(minutes=1))
    assert counts == [1, 2, 3]
    assert later.requests_this_minute == 1
    assert later.balance == 100


def test_requests_are_counted_by_the_key_too(funded):
    funded.accounts.count_request(WORKSPACE, "first", NOW)
    funded.accounts.count_request(WORKSPACE, "second", NOW)
    account = funded.accounts.count_request(WORKSPACE, "second", NOW)
    assert (account.requests_this_minute, account.requests_of_key) == (3, 2)
    later = funded.accounts.count_request(WORKSPACE, "first", NOW + timedelta(minutes=1))
    assert (later.requests_this_minute, later.requests_of_key) == (1, 1)


def test_a_grant_of_the_same_reference_is_made_once(funded):
    more = LedgerEntry(
        workspace=WORKSPACE, kind=Entry.GRANT, amount=7, at=NOW, reference="invoice 8"
    )
    assert funded.accounts.grant(more)
    assert not funded.accounts.grant(more)
    account = funded.accounts.get(WORKSPACE)
    assert (account.balance, account.granted) == (107, 107)
    assert sorted(entry.amount for entry in funded.accounts.ledger(WORKSPACE)) == [7, 100]


def test_nothing_is_granted_to_nobody(store):
    nobody = LedgerEntry(workspace="x", kind=Entry.GRANT, amount=7, at=NOW, reference="r")
    with pytest.raises(NotFound):
        store.accounts.grant(nobody)


def test_all_workspaces_are_listed(funded):
    funded.accounts.open(account(5, "second"), grant(account(5, "second")))
    assert {found.workspace: found.balance for found in funded.accounts.all()} == {
        WORKSPACE: 100,
        "second": 5,
    }


def test_a_request_of_the_minute_before_that_comes_late_is_counted(funded):
    funded.accounts.count_request(WORKSPACE, "k", NOW + timedelta(minutes=1))
    assert funded.accounts.count_request(WORKSPACE, "k", NOW).requests_this_minute == 2


def test_a_key_without_a_limit_of_its_own_leaves_no_trace(funded):
    funded.accounts.count_request(WORKSPACE, None, NOW)
    assert funded.accounts.count_request(WORKSPACE, None, NOW).requests_of_key == 0


def test_what_is_given_of_an_account_changes_and_the_rest_stays(funded):
    funded.accounts.count_request(WORKSPACE, "k", NOW)
    before = funded.accounts.get(WORKSPACE)
    changed = funded.accounts.change(WORKSPACE, Terms(tier="pro", low_credits=0))
    assert changed == replace(before, tier="pro", low_credits=0)
    changed = funded.accounts.change(WORKSPACE, Terms(requests_per_minute=7, max_in_flight=3))
    assert changed == replace(
        before, tier="pro", low_credits=0, requests_per_minute=7, max_in_flight=3
    )
    assert funded.accounts.get(WORKSPACE) == changed


def test_nothing_is_changed_of_nobody(store):
    with pytest.raises(NotFound):
        store.accounts.change("nobody", Terms(tier="pro"))
    assert store.accounts.get("nobody") is None


def test_what_is_counted_by_the_day_stops_at_its_limit_and_begins_anew(funded):
    def count(number, limit=5, at=NOW, what="uploads"):
        return funded.accounts.count_of_day(WORKSPACE, what, number, limit, at)

    assert count(3)
    assert not count(3)
    assert count(2)
    assert not count(1)
    assert not count(6, limit=5, at=NOW + timedelta(days=1))
    assert count(4, what="redeliveries")
    account = funded.accounts.get(WORKSPACE)
    assert (account.used_today("uploads", NOW), account.used_today("redeliveries", NOW)) == (5, 4)
    tomorrow = NOW + timedelta(days=1)
    assert account.used_today("uploads", tomorrow) == 0
    assert count(1, at=tomorrow)
    assert not count(5, at=NOW)  # a clock that is late counts in the new day
    account = funded.accounts.get(WORKSPACE)
    assert account.used_today("uploads", tomorrow) == 1
    assert account.used_today("redeliveries", tomorrow) == 0


def test_bytes_are_only_corrected_where_none_came_or_went(funded):
    before = funded.accounts.get(WORKSPACE)
    assert funded.accounts.correct_stored(before, 7)
    assert not funded.accounts.correct_stored(before, 9)
    assert funded.accounts.get(WORKSPACE).stored_bytes == 7
