"""The webhook of a submit, and how the names of events are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import Strict, validated
from darkroom.dialects.reading import unknown, web_address
from darkroom.dialects.wire import Desk
from darkroom.domain.event_names import OF_A_REQUEST, EventName
from darkroom.domain.job import Hook

Url = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Events = Annotated[list[str], Field(max_length=len(EventName), default_factory=list)]


class HookBody(Strict):
    url: Url
    events: Events


def read_hook(sent: HookBody, desk: Desk) -> Hook:
    return Hook(
        url=web_address("webhook.url", sent.url, desk),
        events=known_events("webhook.events", sent.events, OF_A_REQUEST),
    )


def hook_of_refused(request: Mapping[str, Any], desk: Desk) -> Hook | None:
    """Whatever else is wrong with the request. Raises InvalidRequest."""
    given = request.get("webhook")
    return read_hook(validated(HookBody, given), desk) if isinstance(given, dict) else None


def known_events(field: str, given: list[str], names: Iterable[EventName]) -> tuple[str, ...]:
    choices = tuple(names)
    for index, name in enumerate(given):
        if name not in choices:
            raise unknown(f"{field}.{index}", choices)
    return tuple(dict.fromkeys(given))
