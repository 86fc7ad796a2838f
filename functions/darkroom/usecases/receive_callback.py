"""A provider says that there is news of an image: look at once, and believe nothing else of it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from darkroom.domain.errors import NotFound
from darkroom.domain.operations import ReceiveCallback
from darkroom.domain.outcomes import CallbackReceived
from darkroom.domain.ports import ImageQueue, Jobs, SlotMessage, slot_message
from darkroom.domain.provider_callback import (
    LARGEST_BODY,
    CallbackQueue,
    ProviderCallback,
)


def receive_callback(
    said: ReceiveCallback, *, jobs: Jobs, queue: ImageQueue, callbacks: CallbackQueue
) -> CallbackReceived:
    job = jobs.get(said.workspace, said.job)
    slot = job.slots[said.slot] if job and said.slot < len(job.slots) else None
    if job is None or slot is None or slot.pending is None or not slot.pending.token:
        raise NotFound("image")
    if not hmac.compare_digest(slot.pending.token.encode(), said.token.encode()):
        raise NotFound("image")
    if slot.pending.signs and not said.headers:
        raise NotFound("image")
    if slot.lease is None:
        return CallbackReceived()
    # The message that was to ask later finds its lease gone, as does the same news once more.
    message = replace(slot_message(job, said.slot), held=slot.lease.token)
    if slot.pending.signs:
        callbacks.send_callback(_signed(said, message, slot.pending.provider, slot.pending.id))
    else:
        queue.send_later(message, 0)
    return CallbackReceived()


def _signed(
    said: ReceiveCallback, message: SlotMessage, provider: str, name: str
) -> ProviderCallback:
    return ProviderCallback(
        message=message,
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
