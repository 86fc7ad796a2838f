from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.api_key import hash_key, is_well_formed
from darkroom.domain.errors import Forbidden, NotFound, Unauthenticated
from darkroom.domain.job_moves import cancel
from darkroom.domain.money import Entry, LedgerEntry
from darkroom.usecases.authenticate import authenticate
from darkroom.usecases.create_workspace import Limits, create_workspace
from darkroom.usecases.keys import KeyService
from darkroom.usecases.reconcile import reconcile
from tests.builders import NOW, WORKSPACE, new_job
from tests.fakes.store import FakeAccounts, FakeJobs, FakeKeys, FakeLibrary, FakeTable
from tests.fakes.world import FakeClock, FakeIds, FakeSecrets


class Operator:
    def __init__(self):
        self.table, self.clock, self.keys = FakeTable(), FakeClock(), FakeKeys()
        self.accounts, self.jobs = FakeAccounts(self.table), FakeJobs(self.table)
        self.library = FakeLibrary(self.table)
        self.ring = KeyService(
            environment="test",
            keys=self.keys,
            accounts=self.accounts,
            secrets=FakeSecrets(),
            clock=self.clock,
            ids=FakeIds(),
        )
        create_workspace(WORKSPACE, 100, Limits(), "free", accounts=self.accounts, clock=self.clock)

    def create(self, scopes=("read",)):
        return self.ring.create(WORKSPACE, scopes=set(scopes))

    def enter(self, key, scope="read"):
        return authenticate(
            key, scope, keys=self.keys, secrets=FakeSecrets(), tokens=None, clock=self.clock
        )

    def differences(self):
        return list(
            reconcile(
                self.table.accounts[WORKSPACE],
                accounts=self.accounts,
                jobs=self.jobs,
                library=self.library,
            )
        )


def test_a_key_opens_its_workspace_and_only_its_hash_is_kept():
    operator = Operator()
    key, record = operator.create()
    assert is_well_formed(key)
    assert operator.enter(key).workspace == WORKSPACE
    assert record.hash == hash_key(key, FakeSecrets(), 1)
    assert key not in str(operator.keys.records)


def test_no_key_is_cut_for_nobody():
    with pytest.raises(NotFound):
        Operator().ring.create("nobody", scopes={"read"})


def test_a_key_without_the_scope_is_forbidden():
    operator = Operator()
    with pytest.raises(Forbidden):
        operator.enter(operator.create()[0], "generate")


def test_a_mistyped_key_is_refused_without_a_look_into_the_store():
    operator = Operator()
    key, _ = operator.create()
    with pytest.raises(Unauthenticated):
        operator.enter(key[:-1] + ("a" if key[-1] != "a" else "b"))
    assert operator.keys.lookups == 0


def test_both_keys_open_while_one_is_rotated_and_the_new_one_after():
    operator = Operator()
    old, record = operator.create(("read", "ai"))
    new, replacement = operator.ring.rotate(WORKSPACE, record.id, timedelta(hours=1))
    assert replacement.scopes == record.scopes
    assert operator.enter(old)
    assert operator.enter(new)
    operator.clock.pass_time(3600)
    assert operator.enter(new)
    with pytest.raises(Unauthenticated):
        operator.enter(old)


def test_a_revoked_key_that_is_rotated_stays_revoked():
    operator = Operator()
    leaked, record = operator.create()
    operator.ring.revoke(WORKSPACE, record.id)
    new, _ = operator.ring.rotate(WORKSPACE, record.id, timedelta(hours=24))
    assert operator.enter(new)
    with pytest.raises(Unauthenticated):
        operator.enter(leaked)


def test_a_revoked_key_opens_nothing():
    operator = Operator()
    key, record = operator.create()
    operator.ring.revoke(WORKSPACE, record.id)
    with pytest.raises(Unauthenticated):
        operator.enter(key)


def test_a_key_of_another_workspace_is_not_revoked():
    operator = Operator()
    _, record = operator.create()
    with pytest.raises(NotFound):
        operator.ring.revoke("other", record.id)


def some_history(operator):
    for number in range(1, 4):
        operator.jobs.create(new_job(2, number=number), None, 50)
    job = operator.jobs.get(WORKSPACE, new_job(number=1).id)
    operator.jobs.end(job, cancel(job, NOW))


def test_books_in_order_show_no_difference():
    operator = Operator()
    some_history(operator)
    assert operator.differences() == []


@pytest.mark.parametrize(
    ("field", "where"),
    [
        ("balance", "balance is 97 on the account and 96 by the ledger"),
        ("held", "held is 5 on the account and 4 by the ledger"),
        ("spent", "spent is 1 on the account and 0 by the ledger"),
        ("granted", "granted is 101 on the account and 100 by the ledger"),
        ("in_flight", "5 images in flight on the account, 4 in its jobs"),
    ],
)
def test_one_credit_planted_wrong_is_found_where_it_lies(field, where):
    operator = Operator()
    some_history(operator)
    right = operator.table.accounts[WORKSPACE]
    operator.table.accounts[WORKSPACE] = replace(right, **{field: getattr(right, field) + 1})
    (sentence,) = operator.differences()
    assert where in sentence


def test_an_entry_that_belongs_to_no_end_of_its_job_is_found():
    operator = Operator()
    some_history(operator)
    job = new_job(number=2).id
    operator.table.ledger.append(
        LedgerEntry(workspace=WORKSPACE, kind=Entry.RELEASE, amount=1, at=NOW, job=job)
    )
    assert any(
        job in sentence and "release of 0" in sentence for sentence in operator.differences()
    )
