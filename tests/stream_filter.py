"""What the filter of the table's stream lets through to the relay, as moto reads its patterns."""

from __future__ import annotations

import json
from typing import Any

from moto.events.models import EventPattern

from infra.relay_filter import filter_criteria

_PATTERNS = [(json.loads(one)["eventName"], EventPattern.load(one)) for one in filter_criteria()]


def wakes_the_relay(record: dict[str, Any]) -> bool:
    kind = record["eventName"]
    seen = {"eventName": kind, "dynamodb": record["dynamodb"]}
    # Its kind first: the rest is slow, and the crash tests ask thousands of times.
    return any(kind in kinds and pattern.matches_event(seen) for kinds, pattern in _PATTERNS)
