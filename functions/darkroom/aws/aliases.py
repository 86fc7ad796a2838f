"""Which models stand in for names that no provider here makes, by the operator's word.

A workspace's are in its account, which a submit reads anyway; the deployment's are one item,
which each process remembers for a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from darkroom.aws import records
from darkroom.aws.outages import is_outage
from darkroom.aws.transactions import is_condition_failure, with_retries
from darkroom.aws.values import from_item, to_item
from darkroom.domain.errors import NotFound
from darkroom.domain.ports import Clock

_REMEMBERED = timedelta(seconds=60)


class DynamoAliases:
    def __init__(self, client: Any, table: str, clock: Clock) -> None:
        self._client = client
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
        answer = self._client.get_item(
            TableName=self._table, Key=records.aliases_key(workspace), ConsistentRead=True
        )
        if "Item" not in answer and workspace is not None:
            raise NotFound("workspace")
        aliases: Mapping[str, str] = from_item(answer.get("Item", {})).get("aliases", {})
        return aliases

    def keep(self, name: str, model: str, workspace: str | None) -> None:
        """Raises NotFound."""
        # The map first: a name in it cannot be set before there is one.
        self._update(
            workspace, "SET aliases = if_not_exists(aliases, :none)", {}, to_item({":none": {}})
        )
        names, values = {"#name": name}, to_item({":model": model})
        self._update(workspace, "SET aliases.#name = :model", names, values)

    def remove(self, name: str, workspace: str | None) -> None:
        """Raises NotFound."""
        if name not in self.of(workspace):
            raise NotFound("alias")
        self._update(workspace, "REMOVE aliases.#name", {"#name": name}, {})

    def _update(
        self, workspace: str | None, change: str, names: dict[str, str], values: dict[str, Any]
    ) -> None:
        given: dict[str, Any] = {
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            # No account comes into being by an alias.
            "ConditionExpression": "attribute_exists(pk)" if workspace else "",
        }
        try:
            with_retries(
                partial(
                    self._client.update_item,
                    TableName=self._table,
                    Key=records.aliases_key(workspace),
                    UpdateExpression=change,
                    **{name: value for name, value in given.items() if value},
                )
            )
        except ClientError as error:
            if is_condition_failure(error):
                raise NotFound("workspace") from None
            raise
