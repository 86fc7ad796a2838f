"""What must hold at every moment: looked at after each call that was executed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from darkroom.aws import records
from darkroom.aws.webhook_records import DELIVERY, WEBHOOK, read_delivery, read_webhook
from darkroom.domain.delivery import Delivery, DeliveryStatus
from darkroom.domain.event_names import EventName
from darkroom.domain.events import Event, events_between
from darkroom.domain.file_links import files_of
from darkroom.domain.job import JOB_MOVES, SLOT_MOVES, Job, Slot, SlotStatus
from darkroom.domain.money import Account
from darkroom.domain.ports import read_message
from darkroom.domain.webhook import Webhook
from tests.crash import storage
from tests.crash.ended import Ended
from tests.crash.mailbox import Message
from tests.crash.wire import MAKE, Process
from tests.crash.world import World

_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}


@dataclass(frozen=True)
class Held:
    """A lease that was given to a process, and when in the order of things."""

    job: str
    slot: int
    token: str
    moment: int


class Watch:
    """`broken` lists what did not hold, each with the number of its invariant."""

    def __init__(self, world: World, max_in_flight: int) -> None:
        self._world = world
        self._max_in_flight = max_in_flight
        self.broken: list[str] = []
        self.jobs: dict[str, Job] = {}
        self.events: Counter[tuple[str, str, int | None]] = Counter()
        self.due_events: dict[str, Event] = {}  # by id: what must be told of jobs
        self.changes_told: Counter[EventName] = Counter()  # what must be told of the rest
        self.asked: Counter[tuple[str, int]] = Counter()  # how often the provider was, by image
        self.made: Counter[tuple[str, int]] = Counter()  # how often it answered with an image
        self.stored_at: dict[tuple[str, int], int] = {}
        self.stored_files: dict[str, bytes] = {}
        self.sends_due: Counter[str] = Counter()  # by delivery: how often once more
        self._accounts: dict[str, Account] = {}
        self._webhooks: dict[str, Webhook] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._leases: dict[Process, Held] = {}
        self._moment = 0
        world.wire.after_execution = self._look
        world.router.on_make = self._before_make
        world.router.on_spoilt = self._spoilt
        world.after_work = self._after_work

    def check(self, holds: object, sentence: str) -> None:
        if not holds:
            self.broken.append(sentence)

    def _look(self, operation: str) -> None:
        self._moment += 1
        if operation == MAKE and (held := self._held()):
            self.made[held.job, held.slot] += 1
        if operation in _WRITES:
            now = storage.items()
            stream = self._world.outside.stream
            for key in stream.follow(now, self._world.clock.now()):
                if key in now:
                    self._changed(key[1], now[key])

    def _changed(self, sort_key: str, item: dict[str, Any]) -> None:
        if sort_key == "ACCOUNT":
            self._account_changed(records.read_account(item))
        elif sort_key.startswith("JOB#"):
            job = records.read_job(item)
            self._job_changed(self.jobs.get(job.id), job)
            self.jobs[job.id] = job
        elif sort_key.startswith(DELIVERY):
            self._delivery_changed(read_delivery(item))
        elif sort_key.startswith(WEBHOOK):
            self._webhook_changed(read_webhook(item))

    def _account_changed(self, account: Account) -> None:
        before = self._accounts.get(account.workspace, account)
        self._accounts[account.workspace] = account
        is_low = account.balance < account.low_credits <= before.balance
        self.changes_told[EventName.CREDITS_LOW] += is_low
        self.check(account.is_balanced(), f"I1 the account does not add up: {account}")
        in_bounds = 0 <= account.in_flight <= self._max_in_flight
        self.check(in_bounds, f"I1 {account.in_flight} images are in flight")

    def _job_changed(self, before: Job | None, after: Job) -> None:
        for event in events_between(before, after):
            self.events[after.id, event.name, event.slot] += 1
            told_before = event.id in self.due_events
            self.check(not told_before, f"I6 {event.name} of {after.id} was told twice")
            self.due_events[event.id] = event
        if before is None:
            self._job_created(after)
            return
        self.check(
            after.version == before.version + 1, f"I6 {after.id} went to version {after.version}"
        )
        if before.status.is_terminal:
            self.check(_told(before) == _told(after), f"I8 {after.id} changed after its end")
        legal = after.status is before.status or after.status in JOB_MOVES[before.status]
        self.check(legal, f"I8 {after.id} went from {before.status} to {after.status}")
        for index, (was, now) in enumerate(zip(before.slots, after.slots, strict=True)):
            if was != now:
                self._slot_changed(after, index, was, now)

    def _job_created(self, job: Job) -> None:
        ahead = sum(
            len(other.slots)
            for other in self.jobs.values()
            if other.workspace == job.workspace and not other.status.is_terminal
        )
        is_within = job.backlog or ahead < self._world.share
        self.check(is_within, f"I12 {job.id} is in the first queue, and {ahead} images before it")

    def _webhook_changed(self, after: Webhook) -> None:
        before = self._webhooks.get(after.id, after)
        self._webhooks[after.id] = after
        self.changes_told[EventName.WEBHOOK_DISABLED] += before.enabled and not after.enabled

    def _delivery_changed(self, after: Delivery) -> None:
        before = self._deliveries.get(after.id)
        self._deliveries[after.id] = after
        if before is None:
            return
        where = f"the delivery {after.id}"
        is_new_try = after.tries[-1:] != before.tries[-1:]
        is_claim = is_new_try and not all(one.outcome for one in after.tries)
        # Looked after, or to come again: either is written before it is sent.
        self.sends_due[after.id] += after.status is DeliveryStatus.PENDING and not is_claim
        waited = before.status is DeliveryStatus.PENDING
        self.check(waited, f"I8 {where} changed after it was {before.status}")
        self.check(
            after.version == before.version + 1, f"I10 {where} went to version {after.version}"
        )

    def _slot_changed(self, job: Job, index: int, was: Slot, now: Slot) -> None:
        where = f"image {index} of {job.id}"
        legal = now.status is was.status or now.status in SLOT_MOVES[was.status]
        self.check(legal, f"I8 {where} went from {was.status} to {now.status}")
        if now.lease and (was.lease is None or now.lease.token != was.lease.token):
            alive = was.lease is not None and was.lease.until >= self._world.clock.now()
            if was.lease and was.pending:
                # It rests with a message, unless one who has taken that is still at it.
                alive = alive and self._is_at_work(was.lease.token)
            self.check(not alive, f"I3 {where} was leased away from a worker that is at it")
            process = self._world.wire.process
            if process:
                self._leases[process] = Held(job.id, index, now.lease.token, self._moment)
        if now.status is SlotStatus.STORED:
            self.check(was.status is not SlotStatus.STORED, f"I8 {where} was stored over")
            held = self._held()
            mine = held is not None and was.lease is not None and held.token == was.lease.token
            self.check(mine, f"I3 {where} was stored by one whose lease is over")
            self.stored_at[job.id, index] = self._moment
            self._file_stored(job, index, where)

    def _is_at_work(self, token: str) -> bool:
        return any(
            process is not None
            and not process.is_dead
            and process is not self._world.wire.process
            and (held := self._leases.get(process)) is not None
            and held.token == token
            for process in self._world.wire.processes
        )

    def _file_stored(self, job: Job, index: int, where: str) -> None:
        files = storage.files()
        for key in files_of(job, index):
            self.check(key in files, f"I4 {where} is stored, and {key} is not there")
            self.stored_files[key] = files.get(key, b"")

    def _before_make(self) -> None:
        held = self._held()
        self.check(held, "I3 the provider is asked without a lease")
        if held is None:
            return
        self.asked[held.job, held.slot] += 1
        pending = self.jobs[held.job].slots[held.slot].pending
        self.check(pending is None, f"I3 image {held.slot}, which is in the making, is begun again")
        stored = self.stored_at.get((held.job, held.slot))
        # Who leased before it was stored cannot know; who leases after has no business to.
        self.check(
            stored is None or stored > held.moment,
            f"I3 the provider is asked for image {held.slot}, which is stored",
        )

    def _after_work(self, message: Message, ended: Ended) -> None:
        """Nobody died, nobody else is at it: what a canceled image has left is gone at once."""
        slot_message = read_message(message.body)
        others = any(other.process.is_dead or other.error for other in self._world.ended)
        if slot_message is None or others or self._world.wire.process or ended.value is None:
            return
        job = self.jobs[slot_message.job]
        slot = job.slots[slot_message.slot]
        if slot.status is SlotStatus.FAILED:
            left = storage.files().keys() & set(files_of(job, slot_message.slot))
            self.check(not left, f"I9 a worker left {', '.join(left)} of an image that failed")

    def _spoilt(self) -> None:
        held = self._held()
        if held:
            self.made[held.job, held.slot] -= 1

    def _held(self) -> Held | None:
        process = self._world.wire.process
        return self._leases.get(process) if process else None


def _told(job: Job) -> Job:
    """What of a job the world is told: not when the sweeper looks at it again."""
    return replace(job, due_at=None, looks=0, version=0)
