"""Make one image of a job: lease, make, finish, store, and settle when it was the last.

Whoever dies in the middle leaves a lease that runs out; whoever wakes up too late finds that its
token opens nothing any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from darkroom.domain.catalogue import Catalogue, Route
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.file_links import file_keys
from darkroom.domain.image_request import CONTENT_TYPES, ImageRequest
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
_THUMBNAIL_TYPE = "image/jpeg"


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
    studio = _Studio(maker=maker, finisher=finisher, images=images, clock=clock)
    routes = catalogue.routes(job.request.model)
    finished = studio.finished(job, order.slot, routes)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Studio:
    maker: ImageMaker
    finisher: Finisher
    images: ImageStore
    clock: Clock

    def finished(self, job: Job, index: int, routes: Sequence[Route]) -> Slot:
        """The slot as its worker leaves it, and its files stored if it has any."""
        slot = job.slots[index]
        if slot.leases > 1:
            left = self._left_behind(job.request, slot)
            if left is not None:
                return left
        if slot.leases > MAX_LEASES:
            # Its workers died of it, every one. The next would, too.
            return replace(slot, status=SlotStatus.FAILED, failure=GAVE_UP)
        made = self.maker.make(job.request, index, routes)
        slot = replace(slot, attempts=slot.attempts + made.attempts)
        if isinstance(made, NotMade):
            return _not_made(slot, made.failure, may_retry=made.may_retry)
        return self._stored(job, slot, made)

    def _stored(self, job: Job, slot: Slot, made: Made) -> Slot:
        request = job.request
        origin = Origin(
            provider=made.route.provider,
            model=made.route.model,
            job=job.id,
            made_at=self.clock.now(),
        )
        try:
            done = self.finisher.finish(
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
        content_type = CONTENT_TYPES[request.output.format]
        if self.images.put_once(image_key, done.body, content_type, made.route):
            self.images.put_once(thumbnail_key, done.thumbnail, _THUMBNAIL_TYPE, made.route)
            return _with_image(slot, request, len(done.body), made.route)
        # A worker that overslept was quicker after all. What is there stays.
        left = self._left_behind(request, slot)
        if left is None:
            raise Unavailable
        return left

    def _left_behind(self, request: ImageRequest, slot: Slot) -> Slot | None:
        """The image of a worker that died after storing it: whole, and paid for."""
        image_key, thumbnail_key = file_keys(slot.media_id, request.output.format)
        kept = self.images.find(image_key)
        if kept is None:
            return None
        # Of this very image: that worker may have died between its two files.
        thumbnail = self.finisher.thumbnail(kept.body)
        self.images.put_once(thumbnail_key, thumbnail, _THUMBNAIL_TYPE, kept.made_by)
        return _with_image(slot, request, len(kept.body), kept.made_by)


def _with_image(slot: Slot, request: ImageRequest, size: int, made_by: Route) -> Slot:
    stored = StoredImage(
        format=request.output.format,
        width=request.width,
        height=request.height,
        size=size,
        provider=made_by.provider,
        provider_model=made_by.model,
    )
    return replace(slot, status=SlotStatus.STORED, image=stored, failure=None)


def _not_made(slot: Slot, failure: Failure, *, may_retry: bool) -> Slot:
    again = may_retry and slot.leases < MAX_LEASES
    return replace(slot, status=SlotStatus.WAITING if again else SlotStatus.FAILED, failure=failure)


def _clear_up(job: Job, index: int, images: ImageStore) -> None:
    """An ended slot that is not stored owns no file; any other may be its new holder's."""
    if job.slots[index].status is SlotStatus.FAILED:
        images.delete(file_keys(job.slots[index].media_id, job.request.output.format))
