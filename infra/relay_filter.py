"""Which records of the table's stream wake the relay: those that may become an event.

Each pattern says by values of the stored items what `darkroom.domain.events` decides. Where none
can, as a pattern compares no two values, more passes than becomes an event, and never less: a test
goes through every move that the domain allows. An event source takes five patterns.
"""

from __future__ import annotations

import json
from typing import Any

Pattern = dict[str, Any]

# What comes within it becomes one invocation, and an event comes so much later at most.
STREAM_WINDOW_SECONDS = 1

_MOST_IMAGES = 10  # of a job
_ONGOING, _ENDED = ["pending", "processing"], ["completed", "partial", "failed", "canceled"]
_SLOT_ONGOING, _SLOT_ENDED = ["waiting", "making"], ["stored", "failed"]
_IS_THERE = [{"exists": True}]
_JOBS = [{"prefix": "JOB#"}]


def relay_patterns() -> tuple[Pattern, ...]:
    return (
        _of(_JOBS, "INSERT"),
        _of(
            _JOBS, "MODIFY", {"$or": [_started(), _ended(), *map(_slot_ended, range(_MOST_IMAGES))]}
        ),
        _of([{"prefix": "MEDIA#"}], "REMOVE", {"OldImage": {"status": {"S": ["ready"]}}}),
        _of(
            [{"prefix": "WEBHOOK#"}],
            "MODIFY",
            {"OldImage": {"enabled": {"BOOL": [True]}}, "NewImage": {"enabled": {"BOOL": [False]}}},
        ),
        # Only a hold takes from the balance. It names its job, and the account's other frequent
        # writes take that name away again.
        _of(["ACCOUNT"], "MODIFY", {"NewImage": {"last_job": {"S": _IS_THERE}}}),
    )


def filter_criteria() -> list[str]:
    """The patterns as an event source takes them."""
    return [json.dumps(pattern, separators=(",", ":")) for pattern in relay_patterns()]


def _of(sort_keys: list[Any], kind: str, change: Pattern | None = None) -> Pattern:
    return {"eventName": [kind], "dynamodb": {"Keys": {"sk": {"S": sort_keys}}} | (change or {})}


def _started() -> Pattern:
    return {
        "OldImage": {"status": {"S": ["pending"]}},
        "NewImage": {"started_at": {"S": _IS_THERE}},
    }


def _ended() -> Pattern:
    return {"OldImage": {"status": {"S": _ONGOING}}, "NewImage": {"status": {"S": _ENDED}}}


def _slot_ended(index: int) -> Pattern:
    return {"OldImage": _slot(index, _SLOT_ONGOING), "NewImage": _slot(index, _SLOT_ENDED)}


def _slot(index: int, statuses: list[str]) -> Pattern:
    return {"slots": {"M": {str(index): {"M": {"status": {"S": statuses}}}}}}
