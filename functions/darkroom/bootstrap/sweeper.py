"""The sweeper function, wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial

from darkroom.aws.queue import SqsDeadLetters
from darkroom.bootstrap.ports import BucketPorts, DeliveryPorts, ImageQueuePorts
from darkroom.domain.due import Stop
from darkroom.settings import SweeperSettings
from darkroom.usecases.expire_media import MediaExpiry
from darkroom.usecases.resume_jobs import resume_jobs
from darkroom.usecases.sweep import Repair, sweep
from darkroom.usecases.sweep_deliveries import DeliverySweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    sweep: Callable[[], Iterator[Repair]]
    resume: Callable[[datetime], Iterator[Repair]]  # after all workers were stopped, then
    send_due: Callable[[], int]
    expire_media: Callable[[float], int]  # in so many seconds


class SweeperPorts(BucketPorts, ImageQueuePorts, DeliveryPorts):
    settings: SweeperSettings

    @cached_property
    def dead_letters(self) -> SqsDeadLetters:
        return SqsDeadLetters(self.clients.get("sqs"), self.settings.dead_letter_queue_url)


def sweeper(ports: SweeperPorts) -> Sweeper:
    deliveries = DeliverySweep(
        deliveries=ports.deliveries, queue=ports.delivery_queue, clock=ports.clock
    )
    lease_time = timedelta(seconds=int(ports.settings.lease_seconds))

    def resume(stopped_at: datetime) -> Iterator[Repair]:
        stop = Stop(at=stopped_at, lease_time=lease_time)
        return resume_jobs(stop, jobs=ports.jobs, queue=ports.queue, clock=ports.clock)

    repairs = partial(
        sweep,
        jobs=ports.jobs,
        library=ports.library,
        queue=ports.queue,
        dead_letters=ports.dead_letters,
        images=ports.images,
        clock=ports.clock,
    )
    expiry = MediaExpiry(
        library=ports.library, images=ports.images, clock=ports.clock, life=ports.media_life
    )
    return Sweeper(
        sweep=repairs,
        resume=resume,
        send_due=deliveries.send_due,
        expire_media=expiry.expire_due,
    )
