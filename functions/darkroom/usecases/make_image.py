"""Make one image of a job: lease, make, finish, store, and settle when it was the last.

Whoever dies in the middle leaves a lease that runs out; whoever wakes up too late finds that its
token opens nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import NotFound
from darkroom.domain.file_links import file_keys
from darkroom.domain.image_request import CONTENT_TYPES
from darkroom.domain.job import (
    GAVE_UP,
    Failure,
    Job,
    Lease,
    LeaseLost,
    NotLeasable,
    Slot,
    SlotStatus,
    StoredImage,
)
from darkroom.domain.ports import (
    Clock,
    Finisher,
    Ids,
    ImageMaker,
    ImageStore,
    Jobs,
    Made,
    NotMade,
    Order,
    Origin,
    UnreadableImage,
)
from darkroom.usecases.settle_job import settle_job

# Outages of providers and deaths of workers count alike.
MAX_LEASES = 3
_RETRY_AFTER = 10


class Result(StrEnum):
    STORED = "stored"
    FAILED = "failed"
    RETRY = "retry"
    NOTHING_TO_DO = "nothing_to_do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of an order; `retry_after` is for one that has to come back."""

    result: Result
    retry_after: int = 0


def make_image(
    order: Order,
    *,
    jobs: Jobs,
    catalogue: Catalogue,
    maker: ImageMaker,
    finisher: Finisher,
    images: ImageStore,
    clock: Clock,
    ids: Ids,
    lease_time: timedelta,
) -> Report:
    now = clock.now()
    lease = Lease(token=ids.new_id(), until=now + lease_time)
    try:
        job = jobs.lease(order.workspace, order.job, order.slot, lease, now)
    except NotFound:
        return Report(result=Result.NOTHING_TO_DO)
    except NotLeasable as taken:
        return _stand_back(taken.job, order.slot, jobs, clock)
    if job.slots[order.slot].leases > MAX_LEASES:
        # Its workers died of it, every one. The next would, too, and ask the provider once more.
        made: Made | NotMade = NotMade(failure=GAVE_UP, may_retry=False, attempts=())
    else:
        made = maker.make(job.request, order.slot, catalogue.lookup(job.request.model).routes)
    finished = _finished(made, job, order.slot, finisher=finisher, images=images, clock=clock)
    try:
        job = jobs.finish_slot(job, order.slot, lease.token, finished, clock.now())
    except LeaseLost as lost:
        _clear_up(lost.job, order.slot, images)
        return Report(result=Result.NOTHING_TO_DO)
    if finished.status is SlotStatus.WAITING:
        return Report(result=Result.RETRY, retry_after=_RETRY_AFTER)
    settle_job(job, jobs=jobs, clock=clock)
    return Report(result=Result.STORED if finished.image else Result.FAILED)


def _stand_back(job: Job, index: int, jobs: Jobs, clock: Clock) -> Report:
    """The slot is not free: come back after the other's lease, or finish what it left undone."""
    lease = job.slots[index].lease
    if not job.status.is_terminal and lease is not None:
        left = (lease.until - clock.now()).total_seconds()
        return Report(result=Result.RETRY, retry_after=max(1, int(left) + 1))
    settle_job(job, jobs=jobs, clock=clock)
    return Report(result=Result.NOTHING_TO_DO)


def _finished(
    made: Made | NotMade,
    job: Job,
    index: int,
    *,
    finisher: Finisher,
    images: ImageStore,
    clock: Clock,
) -> Slot:
    slot = replace(job.slots[index], attempts=job.slots[index].attempts + made.attempts)
    if isinstance(made, NotMade):
        return _not_made(slot, made.failure, may_retry=made.may_retry)
    request = job.request
    origin = Origin(
        provider=made.route.provider, model=made.route.model, job=job.id, made_at=clock.now()
    )
    try:
        done = finisher.finish(
            made.body,
            width=request.width,
            height=request.height,
            output=request.output,
            origin=origin,
        )
    except UnreadableImage:
        failure = Failure(code="unreadable", message="The provider's image could not be read.")
        return _not_made(slot, failure, may_retry=True)
    image_key, thumbnail_key = file_keys(slot.media_id, request.output.format)
    size = images.put_once(image_key, done.body, CONTENT_TYPES[request.output.format])
    images.put_once(thumbnail_key, done.thumbnail, "image/jpeg")
    stored = StoredImage(
        format=request.output.format,
        width=request.width,
        height=request.height,
        size=size,
        provider=made.route.provider,
        provider_model=made.route.model,
    )
    return replace(slot, status=SlotStatus.STORED, image=stored, failure=None)


def _not_made(slot: Slot, failure: Failure, *, may_retry: bool) -> Slot:
    again = may_retry and slot.leases < MAX_LEASES
    return replace(slot, status=SlotStatus.WAITING if again else SlotStatus.FAILED, failure=failure)


def _clear_up(job: Job, index: int, images: ImageStore) -> None:
    """An ended slot that is not stored owns no file; any other may be its new holder's."""
    if job.slots[index].status is SlotStatus.FAILED:
        images.delete(file_keys(job.slots[index].media_id, job.request.output.format))
