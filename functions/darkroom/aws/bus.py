"""The EventBridge bus."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from darkroom.domain.event_ports import BusFailed, as_text

log = logging.getLogger(__name__)

# What one call takes; each is 20 kB at most.
_AT_ONCE = 10
_TRIES = 3


class EventBridgeBus:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def publish(self, messages: Sequence[Mapping[str, Any]]) -> None:
        for start in range(0, len(messages), _AT_ONCE):
            self._publish([self._entry(one) for one in messages[start : start + _AT_ONCE]])

    def _publish(self, entries: list[dict[str, str]]) -> None:
        """A call that succeeds may have failed for some of its entries: each tells for itself."""
        codes: set[str] = set()
        for _ in range(_TRIES):
            results = self._client.put_events(Entries=entries)["Entries"]
            failed = [
                (entry, result["ErrorCode"])
                for entry, result in zip(entries, results, strict=True)
                if "ErrorCode" in result
            ]
            if not failed:
                return
            entries, codes = [entry for entry, _ in failed], {code for _, code in failed}
        log.error("events_unpublished", extra={"count": len(entries), "codes": sorted(codes)})
        raise BusFailed(f"{len(entries)} events: {', '.join(sorted(codes))}")

    def _entry(self, message: Mapping[str, Any]) -> dict[str, str]:
        return {
            "EventBusName": self._name,
            "Source": "darkroom",
            "DetailType": message["type"].removeprefix("darkroom."),
            "Detail": as_text(message),
        }
