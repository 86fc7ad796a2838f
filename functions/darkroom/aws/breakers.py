"""Which routes do not work just now, known to every worker: no image waits for what one has found
out already.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.aws.table import ConditionFailed, Item, Table, update
from darkroom.aws.values import from_item, to_item
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.errors import Unavailable
from darkroom.domain.ports import Clock

log = logging.getLogger(__name__)

# So long a worker believes what it has read.
_FRESH_SECONDS = 2
# So many failures in a row and nothing in between: an outage.
_IN_A_ROW = 5
_OUTAGE = 30
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    failures: int = 0
    open_until: float = 0.0


class DynamoBreaker:
    def __init__(
        self,
        table: Table,
        clock: Clock,
        stopwatch: Callable[[], float] = time.monotonic,
        *,
        in_process: Collection[str] = (),
    ) -> None:
        """`in_process` names the providers that have no outages to be remembered."""
        self._table = table
        self._clock = clock
        self._stopwatch = stopwatch
        self._in_process = in_process
        self._read: dict[ProviderRoute, tuple[float, _State]] = {}
        self._probing: dict[
            ProviderRoute, float
        ] = {}  # what this worker has reserved for its own try

    def open_for(self, route: ProviderRoute) -> int:
        if route.provider in self._in_process:
            return 0
        try:
            return self._open_for(route)
        except (BotoCoreError, ClientError, Unavailable):
            # It is advice. An image is made without it.
            log.exception("breaker_unread")
            return 0

    def failed(self, route: ProviderRoute, *, open_for: int | None) -> None:
        if route.provider not in self._in_process:
            self._noted(partial(self._failed, route, open_for))

    def succeeded(self, route: ProviderRoute) -> None:
        if route in self._read and self._read[route][1] != _State():
            self._noted(
                partial(
                    self._update,
                    route,
                    "REMOVE failures, open_until SET expires_at = :kept",
                    {},
                )
            )

    def _noted(self, write: Callable[[], object]) -> None:
        """What a provider has made is in hand by now, and is not to be lost over this."""
        try:
            write()
        except (BotoCoreError, ClientError, Unavailable):
            log.exception("breaker_unwritten")

    def _open_for(self, route: ProviderRoute) -> int:
        state = self._state(route)
        left = state.open_until - self._clock.now().timestamp()
        if not state.open_until:
            return 0
        if left > 0:
            return math.ceil(left)
        if self._may_probe(route, state):
            return 0
        # Another worker tries, or has tried and knows the result by now.
        left = self._read[route][1].open_until - self._clock.now().timestamp()
        return max(0, math.ceil(left))

    def _failed(self, route: ProviderRoute, open_for: int | None) -> None:
        counted = self._update(route, "ADD failures :one SET expires_at = :kept", {":one": 1})
        is_outage = counted.failures >= _IN_A_ROW
        seconds = open_for or (_OUTAGE if is_outage else None)
        if seconds is None:
            return
        # Another worker may know of something that takes longer; our own probe's time is over.
        ours = counted.open_until == self._probing.pop(route, None)
        known = 0.0 if ours else counted.open_until
        until = max(self._clock.now().timestamp() + seconds, known)
        self._update(route, "SET open_until = :until, expires_at = :kept", {":until": until})

    def _may_probe(self, route: ProviderRoute, seen: _State) -> bool:
        """One worker tries whether it works again; the others wait for what it finds."""
        until = self._clock.now().timestamp() + _OUTAGE
        try:
            self._update(
                route,
                "SET open_until = :until, expires_at = :kept",
                {":until": until, ":seen": seen.open_until},
                "open_until = :seen",
            )
        except ConditionFailed as failed:
            self._know(route, failed.item or {})
            return False
        self._probing[route] = until
        return True

    def _state(self, route: ProviderRoute) -> _State:
        now = self._stopwatch()
        if route in self._read and now - self._read[route][0] < _FRESH_SECONDS:
            return self._read[route][1]
        return self._know(route, self._table.get(_key(route), dict, is_consistent=False) or {})

    def _update(
        self,
        route: ProviderRoute,
        change: str,
        values: dict[str, Any],
        condition: str = "",
    ) -> _State:
        kept = int((self._clock.now() + _KEPT).timestamp())
        write = update(_key(route), change, condition, values | {":kept": kept})
        return self._know(route, self._table.write(write))

    def _know(self, route: ProviderRoute, item: Item) -> _State:
        names = {field.name for field in fields(_State)}
        values = from_item(item)
        state = _State(**{name: values[name] for name in names & values.keys()})
        self._read[route] = (self._stopwatch(), state)
        return state


def _key(route: ProviderRoute) -> Item:
    return to_item({"pk": f"ROUTE#{route.provider}", "sk": route.model})
