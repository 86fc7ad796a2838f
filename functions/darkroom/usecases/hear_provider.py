"""A provider says that there is news of an image: look at once, and believe nothing else of it."""

from __future__ import annotations

import hmac

from darkroom.domain.errors import NotFound
from darkroom.domain.operations import Heard, HearProvider
from darkroom.domain.ports import ImageQueue, Jobs, Order


def hear_provider(said: HearProvider, *, jobs: Jobs, queue: ImageQueue) -> Heard:
    job = jobs.get(said.workspace, said.job)
    slot = job.slots[said.slot] if job and said.slot < len(job.slots) else None
    if job is None or slot is None or slot.parked is None or not slot.parked.token:
        raise NotFound("image")
    if not hmac.compare_digest(slot.parked.token.encode(), said.token.encode()):
        raise NotFound("image")
    if slot.lease is not None:
        # The message that was to ask later finds its lease gone, as does the same news once more.
        order = Order(
            workspace=said.workspace,
            job=said.job,
            slot=said.slot,
            held=slot.lease.token,
            request_id=job.request_id,
        )
        queue.send_later(order, 0)
    return Heard()
