"""A provider says that there is news of an image: look at once, and believe nothing else of it."""

from __future__ import annotations

import hmac
from dataclasses import replace

from darkroom.domain.errors import NotFound
from darkroom.domain.operations import Heard, HearProvider
from darkroom.domain.ports import ImageQueue, Jobs, order_of


def hear_provider(said: HearProvider, *, jobs: Jobs, queue: ImageQueue) -> Heard:
    job = jobs.get(said.workspace, said.job)
    slot = job.slots[said.slot] if job and said.slot < len(job.slots) else None
    if job is None or slot is None or slot.parked is None or not slot.parked.token:
        raise NotFound("image")
    if not hmac.compare_digest(slot.parked.token.encode(), said.token.encode()):
        raise NotFound("image")
    if slot.lease is not None:
        # The message that was to ask later finds its lease gone, as does the same news once more.
        queue.send_later(replace(order_of(job, said.slot), held=slot.lease.token), 0)
    return Heard()
