"""A provider says that there is news of an image: look at once, and believe nothing else of it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from darkroom.domain.errors import NotFound
from darkroom.domain.operations import Heard, HearProvider
from darkroom.domain.ports import ImageQueue, Jobs, Order, order_of
from darkroom.domain.provider_callback import (
    LARGEST_BODY,
    CallbackQueue,
    ProviderCallback,
)


def hear_provider(
    said: HearProvider, *, jobs: Jobs, queue: ImageQueue, callbacks: CallbackQueue
) -> Heard:
    job = jobs.get(said.workspace, said.job)
    slot = job.slots[said.slot] if job and said.slot < len(job.slots) else None
    if job is None or slot is None or slot.parked is None or not slot.parked.token:
        raise NotFound("image")
    if not hmac.compare_digest(slot.parked.token.encode(), said.token.encode()):
        raise NotFound("image")
    if slot.parked.signs and not said.headers:
        raise NotFound("image")
    if slot.lease is None:
        return Heard()
    # The message that was to ask later finds its lease gone, as does the same news once more.
    order = replace(order_of(job, said.slot), held=slot.lease.token)
    if slot.parked.signs:
        callbacks.send_callback(_signed(said, order, slot.parked.provider, slot.parked.id))
    else:
        queue.send_later(order, 0)
    return Heard()


def _signed(said: HearProvider, order: Order, provider: str, name: str) -> ProviderCallback:
    return ProviderCallback(
        order=order,
        provider=provider,
        id=name,
        headers=said.headers,
        digest=hashlib.sha256(said.body).hexdigest(),
        body=_text(said.body),
        at=said.at,
    )


def _text(body: bytes) -> str:
    try:
        return body.decode() if len(body) <= LARGEST_BODY else ""
    except UnicodeDecodeError:
        return ""
