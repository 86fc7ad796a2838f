"""One event of each kind, told as a webhook is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from darkroom.dialects.documentation import NOWHERE
from darkroom.dialects.native.event_answer import describe
from darkroom.domain import events
from darkroom.domain.event_ports import cloud_event
from darkroom.domain.job import JobStatus
from docs.openapi.library_samples import ACCOUNT, GENERATED
from docs.openapi.samples import LATER, NOW, WORKSPACE, file_url, job
from docs.openapi.webhook_samples import DELIVERY_ID, DISABLED, HOOK

_REQUEST_ID = "Jb3xQi7VliAEMXQ="
_REFUSED = {"code": "prompt.required", "detail": "prompt is required.", "field": "prompt"}


def _of_jobs() -> Iterator[events.Event]:
    # In the order of a job's life: the first to tell of an event is the one that it is about.
    for status in JobStatus:
        yield from events.events_between(None, job(status, request_id=_REQUEST_ID))


def _of_others() -> Iterator[events.Event]:
    rich = replace(ACCOUNT, balance=11, low_credits=10)
    facts = {"client_token": "order-7", "error": _REFUSED, "metadata": {"order": "7"}}
    yield events.rejected(WORKSPACE, DELIVERY_ID, NOW, facts)
    for has_expired in (False, True):
        yield events.media_removed(GENERATED, LATER, has_expired=has_expired)
    yield from events.credits_are_low(rich, replace(rich, balance=9), "1", NOW)
    yield from events.webhook_disabled(HOOK, DISABLED, LATER)
    yield events.webhook_test(HOOK, DELIVERY_ID, NOW, _REQUEST_ID)


def examples() -> Mapping[str, Mapping[str, Any]]:
    """By the name of the event."""
    told: dict[str, Mapping[str, Any]] = {}
    for event in chain(_of_jobs(), _of_others()):
        message = cloud_event(event, NOWHERE, lambda one: describe(one, file_url))
        told.setdefault(event.name.value, message)
    return told
