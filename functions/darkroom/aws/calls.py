"""Equal calls of clients that wait for their images, in the table of waits: the status function may
write nothing else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from darkroom.aws.table import Item, Table, Write, put, update
from darkroom.aws.values import from_item, to_item
from darkroom.domain.equal_calls import CallTry, EqualCalls
from darkroom.domain.ports import Clock

# Longer than any of them is looked for.
_KEPT = timedelta(minutes=20)
# An item has no more jobs than this; the next one is written with the newest of them alone.
_MOST_JOBS = 100
_JOB = "job_"


class DynamoCalls:
    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def read(self, call: str) -> EqualCalls:
        return self._table.get(_key(call), _read) or EqualCalls(call=call)

    def save(self, before: EqualCalls, after: EqualCalls) -> bool:
        return self._table.put_if(self._item(after), *_unchanged(before))

    def new_job(self, job: str, tried: CallTry) -> Write:
        """To be written together with the job. Without a look, it counts on there being no job that
        this try could join.
        """
        if tried.seen is not None:
            item = self._item(tried.seen.with_job(job, tried.number))
            return self._table.named(put(item, *_unchanged(tried.seen)))
        change = (
            "SET #job = :tries, expires_at = :expires,"
            " jobs = if_not_exists(jobs, :zero) + :one,"
            " version = if_not_exists(version, :zero) + :one"
        )
        condition = (
            "attribute_not_exists(early) AND attribute_not_exists(retriable)"
            " AND (attribute_not_exists(jobs) OR jobs < :most)"
        )
        values = {
            ":tries": [tried.number],
            ":expires": self._expires(),
            ":most": _MOST_JOBS,
            ":zero": 0,
            ":one": 1,
        }
        key, names = _key(tried.call), {"job": _JOB + job}
        return self._table.named(update(key, change, condition, values, names))

    def _item(self, calls: EqualCalls) -> Item:
        several = {"early": sorted(calls.early), "retriable": sorted(calls.retriable)}
        return _key(calls.call) | to_item(
            {
                **{_JOB + job: sorted(tries) for job, tries in calls.jobs.items()},
                # Conditions ask whether they are there.
                **{name: jobs for name, jobs in several.items() if jobs},
                "jobs": len(calls.jobs),
                "version": calls.version,
                "expires_at": self._expires(),
            }
        )

    def _expires(self) -> int:
        return int((self._clock.now() + _KEPT).timestamp())


def _read(item: Item) -> EqualCalls:
    values = from_item(item)
    return EqualCalls(
        call=values["pk"].removeprefix(_CALL),
        jobs={
            name.removeprefix(_JOB): frozenset(tries)
            for name, tries in values.items()
            if name.startswith(_JOB)
        },
        early=frozenset(values.get("early", ())),
        retriable=frozenset(values.get("retriable", ())),
        version=values["version"],
    )


# No workspace is called so.
_CALL = "CALL#"


def _key(call: str) -> Item:
    return to_item({"pk": f"{_CALL}{call}"})


def _unchanged(calls: EqualCalls) -> tuple[str, dict[str, Any]]:
    if not calls.version:
        return "attribute_not_exists(pk)", {}
    return "version = :read", {":read": calls.version}
