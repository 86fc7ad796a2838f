"""Waiting requests, counted in a table of their own: the status function may write nothing else.

A Lambda serves one request at a time, so that no process ever sees two that wait: they can only be
counted where all processes look. The count is of a period a little longer than the longest wait. A
function that dies while it waits is thereby forgotten with its period, and requests that began in
the one before are not counted in the next: for seconds there may be twice as many as allowed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from darkroom.aws.outages import is_outage
from darkroom.aws.table import ConditionFailed, Table, update
from darkroom.aws.values import from_item, to_item
from darkroom.domain.waits import Wait

log = logging.getLogger(__name__)

PERIOD_SECONDS = 30
_KEPT_SECONDS = 3600
_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MostWaits:
    per_key: int
    per_workspace: int
    # Of all workspaces, in all processes of the function; None where nothing is reserved for it,
    # and no share of that can be kept free.
    per_function: int | None = None


class DynamoWaits:
    def __init__(self, table: Table, most: MostWaits, *, function: str) -> None:
        self._table = table
        self._most = most
        self._function = function

    def begin(self, workspace: str, key: str, now: datetime) -> Wait | None:
        """During an outage of the table no request waits: without a count, all would."""
        wait = Wait(workspace=workspace, key=key, period=int(now.timestamp()) // PERIOD_SECONDS)
        try:
            if not self._counted(wait, self._most.per_workspace, self._most.per_key):
                return None
            if self._reserve_in_function(wait):
                return wait
        except Exception as fault:
            if not is_outage(fault):
                raise
            log.warning("wait_not_counted", exc_info=True)
        return None

    def _reserve_in_function(self, wait: Wait) -> bool:
        """Or give the place in its workspace back."""
        most, is_reserved = self._most.per_function, False
        try:
            is_reserved = most is None or self._counted(self._of_function(wait), most, most)
        finally:
            if not is_reserved:
                self._end(wait)
        return is_reserved

    def _of_function(self, wait: Wait) -> Wait:
        """In the count of all: no workspace has such a name."""
        return replace(wait, workspace=f"function:{self._function}", key="all")

    def end(self, wait: Wait) -> None:
        self._end(wait)
        if self._most.per_function is not None:
            self._end(self._of_function(wait))

    def _end(self, wait: Wait) -> None:
        """One that is not taken out, or is taken out twice, is right again with the next period.

        The request has been performed by now, and may be charged: its answer is not lost over this.
        """
        try:
            self._update(
                wait,
                "SET waiting = waiting - :one, of_keys.#key = of_keys.#key - :one",
                "#period = :period",
                {":one": 1},
            )
        except ConditionFailed:
            pass  # its period is over
        except Exception:
            log.exception("wait_not_ended")

    def _counted(self, wait: Wait, most: int, most_of_key: int) -> bool:
        if not (most and most_of_key):
            return False  # the first of a period is not compared with them
        for _ in range(_TRIES):
            try:
                self._count(wait, most, most_of_key)
            except ConditionFailed as failed:
                if from_item(failed.item or {}).get("period", 0) >= wait.period:
                    return False
            else:
                return True
            if self._begun(wait):
                return True
        return False

    def _count(self, wait: Wait, most: int, most_of_key: int) -> None:
        self._update(
            wait,
            "SET waiting = waiting + :one,"
            " of_keys.#key = if_not_exists(of_keys.#key, :zero) + :one",
            "#period = :period AND waiting < :most"
            " AND (attribute_not_exists(of_keys.#key) OR of_keys.#key < :most_of_key)",
            {
                ":one": 1,
                ":zero": 0,
                ":most": most,
                ":most_of_key": most_of_key,
            },
        )

    def _begun(self, wait: Wait) -> bool:
        """Whether this is the first of its period."""
        try:
            self._update(
                wait,
                "SET #period = :period, waiting = :one, of_keys = :first, expires_at = :forgotten",
                "attribute_not_exists(pk) OR #period < :period",
                {
                    ":one": 1,
                    ":first": {wait.key: 1},
                    ":forgotten": wait.period * PERIOD_SECONDS + _KEPT_SECONDS,
                },
            )
        except ConditionFailed:
            return False
        return True

    def _update(self, wait: Wait, change: str, condition: str, values: dict[str, Any]) -> None:
        key, used = to_item({"pk": wait.workspace}), values | {":period": wait.period}
        self._table.write(update(key, change, condition, used, {"key": wait.key}))
