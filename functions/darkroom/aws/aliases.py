"""Which models stand in for names that no provider here makes, by the operator's word.

A workspace's are in its account, which a submit reads anyway; the deployment's are one item,
which each process remembers for a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from darkroom.aws import records
from darkroom.aws.outages import is_outage
from darkroom.aws.table import ConditionFailed, Table, update
from darkroom.aws.values import from_item
from darkroom.domain.errors import NotFound
from darkroom.domain.ports import Clock

_REMEMBERED = timedelta(seconds=60)


class DynamoAliases:
    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock
        self._known: tuple[datetime, Mapping[str, str]] | None = None

    def of_deployment(self) -> Mapping[str, str]:
        now = self._clock.now()
        if self._known is None or now >= self._known[0]:
            try:
                aliases = self.of(None)
            except Exception as fault:
                # They were right a moment ago, and change once in a while.
                if self._known is None or not is_outage(fault):
                    raise
                aliases = self._known[1]
            self._known = (now + _REMEMBERED, aliases)
        return self._known[1]

    def of(self, workspace: str | None) -> Mapping[str, str]:
        """A workspace's own, or the deployment's, as they are now. Raises NotFound."""
        item = self._table.get(records.aliases_key(workspace), from_item)
        if item is None and workspace is not None:
            raise NotFound("workspace")
        aliases: Mapping[str, str] = (item or {}).get("aliases", {})
        return aliases

    def keep(self, name: str, model: str, workspace: str | None) -> None:
        """Raises NotFound."""
        # The map first: a name in it cannot be set before there is one.
        self._update(workspace, "SET aliases = if_not_exists(aliases, :none)", {":none": {}}, name)
        self._update(workspace, "SET aliases.#name = :model", {":model": model}, name)

    def remove(self, name: str, workspace: str | None) -> None:
        """Raises NotFound."""
        if name not in self.of(workspace):
            raise NotFound("alias")
        self._update(workspace, "REMOVE aliases.#name", {}, name)

    def _update(
        self, workspace: str | None, change: str, values: dict[str, Any], name: str
    ) -> None:
        # No account comes into being by an alias.
        condition = "attribute_exists(pk)" if workspace else ""
        key = records.aliases_key(workspace)
        try:
            self._table.write(update(key, change, condition, values, {"name": name}))
        except ConditionFailed:
            raise NotFound("workspace") from None
