"""Any order of anything: Hypothesis drives the world, plain sums say what is right."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from darkroom.domain.event_names import ENDS_OF_A_JOB
from darkroom.domain.job import JobStatus, SlotStatus
from darkroom.domain.money import Entry, LedgerEntry
from tests.builders import WORKSPACE
from tests.crash.faults import KINDS
from tests.crash.invariants import broken_at_the_end
from tests.crash.outside import URL
from tests.crash.receivers import TIMEOUT
from tests.crash.runs import recover
from tests.crash.watch import Watch
from tests.crash.world import World, open_world

_ROOM, _OPENING = 6, 5
_FAULTS = st.sampled_from(["crash_before", "crash_after", "response_lost", "never_answered"])
_CALLS_AHEAD = st.integers(0, 6)


class AnythingGoes(RuleBasedStateMachine):
    """The reference is `granted`, and what each job asked for and has come to."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world.begin({})
        self.watch = Watch(self.world, _ROOM)
        self.world.open(_OPENING, _ROOM)
        self.world.share = 2
        self.world.outside.hook(*ENDS_OF_A_JOB)
        self.granted, self.grants, self.keys = _OPENING, 0, 0

    @rule(n=st.integers(1, 3), has_key=st.booleans())
    def submit(self, n, has_key):
        self.keys += has_key
        before = len(self.world.all_jobs())
        left = self._balance()
        self.world.submit(n, f"key-{self.keys}" if has_key else None)
        made = len(self.world.all_jobs()) - before
        assert made <= 1, "one submission made several jobs"
        assert not made or n <= left, "a job was taken without the credits for it"

    @precondition(lambda self: self.keys)
    @rule(number=st.integers(1, 100), n=st.integers(1, 3))
    def submit_again(self, number, n):
        key = f"key-{1 + number % self.keys}"
        first = {told.job for told in self.world.told if told.key == key and told.job}
        told = self.world.submit(n, key)
        assert not (told.job and first) or {told.job} == first, "a key stands for two jobs"

    @rule(number=st.integers(0, 100))
    def cancel(self, number):
        jobs = self.world.all_jobs()
        if jobs:
            self.world.cancel(jobs[number % len(jobs)].id)

    @rule(backwards=st.booleans(), twice=st.booleans())
    def deliver(self, backwards, twice):
        self.world.deliver(backwards=backwards, twice=twice)

    @rule()
    def deliver_one(self):
        for message in self.world.mailbox.visible(self.world.clock.now())[-1:]:
            self.world.work(message)

    @rule()
    def relay(self):
        self.world.outside.relay()

    @rule(backwards=st.booleans())
    def relay_all_again(self, backwards):
        self.world.outside.stream.repeat(backwards=backwards)
        self.world.outside.relay()

    @rule(twice=st.booleans())
    def bring(self, twice):
        self.world.outside.bring(twice=twice)

    @rule(answer=st.sampled_from([500, 404, TIMEOUT]))
    def spoil_the_next_post(self, answer):
        self.world.outside.receivers.script.setdefault(URL, []).append(answer)

    @rule()
    def lose_all_messages(self):
        self.world.mailbox.messages.clear()
        self.world.outside.posts.messages.clear()

    @rule(how=st.sampled_from(["transient", "refused", "unreadable", "slow", "crash"]))
    def spoil_the_next_image(self, how):
        self.world.router.script.setdefault(0, []).append(how)

    @rule(kind=_FAULTS, ahead=_CALLS_AHEAD)
    def break_a_call_to_come(self, kind, ahead):
        if not KINDS[kind].fits("Make"):
            kind = "crash_after"
        self.world.wire.plan = {len(self.world.wire.calls) + ahead: kind}

    @rule(seconds=st.sampled_from([1, 31, 61, 181, 901]))
    def pass_time(self, seconds):
        self.world.clock.pass_time(seconds)

    @rule()
    def sweep(self):
        self.world.sweep()

    @rule(amount=st.integers(1, 5))
    def grant(self, amount):
        self.grants += 1
        entry = LedgerEntry(
            workspace=WORKSPACE,
            kind=Entry.GRANT,
            amount=amount,
            at=self.world.clock.now(),
            reference=f"grant-{self.grants}",
        )
        assert self.world.accounts.grant(entry)
        assert not self.world.accounts.grant(entry), "the same grant was made twice"
        self.granted += amount

    @invariant()
    def nothing_is_broken(self):
        assert self.watch.broken == []

    @invariant()
    def the_account_is_what_the_jobs_say(self):
        account = self.world.accounts.get(WORKSPACE)
        sums: Counter[str] = Counter()
        for job in self.world.all_jobs():
            images = [slot.status for slot in job.slots]
            stored = images.count(SlotStatus.STORED)
            if job.status in (JobStatus.PENDING, JobStatus.PROCESSING):
                sums["held"] += len(images)
            else:
                sums["spent"] += stored
        assert account.granted == self.granted
        assert (account.held, account.spent) == (sums["held"], sums["spent"])
        assert account.balance == self.granted - sums["held"] - sums["spent"]

    def teardown(self):
        self.world.wire.plan = {}
        assert recover(self.world), "it never becomes quiet"
        assert self.watch.broken + list(broken_at_the_end(self.world, self.watch)) == []

    def _balance(self):
        return self.world.accounts.get(WORKSPACE).balance


def test_any_order_of_anything_keeps_the_invariants():
    with open_world() as world:
        machine = type("AnythingGoesHere", (AnythingGoes,), {"world": world})
        case = machine.TestCase()
        machine.TestCase.settings = settings(
            max_examples=25,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        case.runTest()
