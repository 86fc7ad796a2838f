"""Waiting requests, counted in a table of their own: the status function may write nothing else.

A Lambda serves one request at a time, so that no process ever sees two that wait: they can only be
counted where all processes look. The count is of a period a little longer than the longest wait. A
function that dies while it waits is thereby forgotten with its period, and requests that began in
the one before are not counted in the next: for seconds there may be twice as many as allowed.
"""

from __future__ import annotations

import logging
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


class DynamoWaits:
    def __init__(self, table: Table, *, per_key: int, per_workspace: int) -> None:
        self._table = table
        self._per_key = per_key
        self._per_workspace = per_workspace

    def begin(self, workspace: str, key: str, now: datetime) -> Wait | None:
        """During an outage of the table no request waits: without a count, all would."""
        wait = Wait(workspace=workspace, key=key, period=int(now.timestamp()) // PERIOD_SECONDS)
        try:
            is_counted = self._counted(wait)
        except Exception as fault:
            if not is_outage(fault):
                raise
            log.warning("wait_not_counted", exc_info=True)
            return None
        return wait if is_counted else None

    def end(self, wait: Wait) -> None:
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

    def _counted(self, wait: Wait) -> bool:
        for _ in range(_TRIES):
            try:
                self._count(wait)
            except ConditionFailed as failed:
                if from_item(failed.item or {}).get("period", 0) >= wait.period:
                    return False
            else:
                return True
            if self._begun(wait):
                return True
        return False

    def _count(self, wait: Wait) -> None:
        self._update(
            wait,
            "SET waiting = waiting + :one,"
            " of_keys.#key = if_not_exists(of_keys.#key, :zero) + :one",
            "#period = :period AND waiting < :per_workspace"
            " AND (attribute_not_exists(of_keys.#key) OR of_keys.#key < :per_key)",
            {
                ":one": 1,
                ":zero": 0,
                ":per_workspace": self._per_workspace,
                ":per_key": self._per_key,
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
