"""An event on its way to one receiver: the same id at every try, and ever longer pauses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.ids import repeatable_id, uuid7

# Between one try and the next; jitter comes on top.
SCHEDULE = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
LONGEST_PAUSE = timedelta(days=1)
# A queue keeps a message back for so long at most; the sweeper sends what is due later.
LONGEST_DELAY = timedelta(minutes=15)
# A try takes 15 s at most: after this, the worker that made it has died.
_CLAIM = timedelta(seconds=90)
# The sweeper's first look at one that no worker tries.
_LOST = timedelta(minutes=2)
_FIRST_REST = timedelta(seconds=30)
# Of one that is delivered again and again by hand, the older tries are forgotten.
_MOST_TRIES = 30
_LONGEST_ANSWER = 500


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """`outcome`: `delivered`, `status_500`, `timeout` and the like; empty while it is made, `lost`
    where no worker ended it.
    """

    at: datetime
    outcome: str = ""
    milliseconds: int = 0
    code: int | None = None
    answer: str = ""  # how its receiver refused it: the beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    id: str
    workspace: str
    webhook: str
    url: str
    event: str  # its id, which every try carries
    name: str
    body: str
    job: str | None = None  # that its event is of
    created_at: datetime
    # From when on it may be tried, and when the sweeper looks whether it was; None for never.
    next_at: datetime
    due_at: datetime | None
    since: datetime  # of this round: begun anew when it is delivered again by hand
    request_id: str = ""
    status: DeliveryStatus = DeliveryStatus.PENDING
    tries: tuple[Try, ...] = ()
    # How far it has come in the schedule.
    step: int = 0
    claim: str = ""  # of the worker that has begun the latest try
    looks: int = 0  # of the sweeper, which sends again what was lost
    rests: int = 0  # of its receiver, one after the other
    version: int = 1


def delivery_id(at: datetime, event: str, webhook: str) -> str:
    return repeatable_id(at, event, webhook)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """The circuit breakers of a receiver: of its machine, which answers or does not,
    and the address on it, which may be in trouble of its own. A query is often of one job alone.
    """

    machine: ProviderRoute
    address: ProviderRoute


def receiver_of(delivery: Delivery) -> Receiver:
    parts = urlsplit(delivery.url)
    machine = f"{delivery.workspace} {parts.scheme}://{parts.netloc}"
    return Receiver(machine=_known_as(machine), address=_known_as(machine + parts.path))


def _known_as(text: str) -> ProviderRoute:
    """An address may be of any length, a key may not."""
    return ProviderRoute(provider="webhook", model=hashlib.sha256(text.encode()).hexdigest())


def first_id(at: datetime) -> str:
    """Before those of all events of that time and later."""
    return uuid7(max(0, int(at.timestamp() * 1000)), 0)


def excerpt(answer: bytes) -> str:
    """What a person can read of it, on one line."""
    text = answer.decode(errors="replace")
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:_LONGEST_ANSWER]


def is_under_way(delivery: Delivery, now: datetime) -> bool:
    return bool(delivery.tries) and not delivery.tries[-1].outcome and now < delivery.next_at


def first_look(now: datetime) -> datetime:
    return now + _LOST


def looked_at(delivery: Delivery, now: datetime) -> Delivery:
    """After the sweeper has sent it once more; each look is later than the last."""
    return replace(
        delivery,
        due_at=now + _doubled(_LOST, delivery.looks),
        looks=delivery.looks + 1,
        version=delivery.version + 1,
    )


def begun(delivery: Delivery, now: datetime, claim: str) -> Delivery:
    """A try, written before it is made: a worker that dies in it has made it all the same.

    `claim` is this worker's alone: two that begin at the same moment must not confuse their tries.
    """
    earlier = (replace(one, outcome=one.outcome or "lost") for one in delivery.tries)
    return replace(
        delivery,
        tries=(*earlier, Try(at=now))[-_MOST_TRIES:],
        claim=claim,
        next_at=now + _CLAIM,
        due_at=now + _CLAIM,
        version=delivery.version + 1,
    )


def postponed(delivery: Delivery, rest: timedelta, now: datetime) -> Delivery:
    """Its receiver rests: no try, and so none that counts. Each rest is longer than the last, or a
    thousand of them would be looked at every half minute.
    """
    until = now + max(rest, _doubled(_FIRST_REST, delivery.rests))
    return replace(
        delivery,
        next_at=until,
        due_at=_due(until, now),
        rests=delivery.rests + 1,
        version=delivery.version + 1,
    )


def ended(
    delivery: Delivery, last: Try, *, at: datetime, again: timedelta | None, is_received: bool
) -> Delivery:
    """A try is over. `again`: after so long comes the next; None: it was the last."""
    over = DeliveryStatus.DELIVERED if is_received else DeliveryStatus.FAILED
    return replace(
        delivery,
        tries=(*delivery.tries[:-1], last),
        status=over if again is None else DeliveryStatus.PENDING,
        step=delivery.step + 1,
        looks=0,
        rests=0,
        next_at=at + (again or timedelta(0)),
        due_at=None if again is None else _due(at + again, at),
        version=delivery.version + 1,
    )


def given_up(delivery: Delivery, because: str, now: datetime) -> Delivery:
    """Not even tried: its webhook was deleted or is off."""
    return replace(
        delivery,
        tries=(*delivery.tries, Try(at=now, outcome=because))[-_MOST_TRIES:],
        status=DeliveryStatus.FAILED,
        due_at=None,
        version=delivery.version + 1,
    )


def restarted(delivery: Delivery, now: datetime) -> Delivery:
    """To be delivered again because the client asked for it."""
    return replace(
        delivery,
        status=DeliveryStatus.PENDING,
        step=0,
        since=now,
        looks=0,
        rests=0,
        next_at=now,
        due_at=first_look(now),
        version=delivery.version + 1,
    )


def pause_after(step: int, asked: timedelta, jitter: float) -> timedelta | None:
    """Until the next try; None after the last. Asked to wait longer we do, within reason.

    `jitter`: from 0 to 1.
    """
    if step >= len(SCHEDULE):
        return None
    return max(SCHEDULE[step] * (1 + jitter / 10), min(asked, LONGEST_PAUSE))


def _due(next_at: datetime, now: datetime) -> datetime:
    """What is short enough for the queue is looked after only if its message was lost."""
    return next_at + _LOST if next_at - now <= LONGEST_DELAY else next_at


def _doubled(pause: timedelta, times: int) -> timedelta:
    return min(pause * (1 << min(times, 16)), LONGEST_PAUSE)
