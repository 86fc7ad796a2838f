"""Workspaces' accounts in DynamoDB."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from darkroom.aws import records
from darkroom.aws.transactions import Canceled, is_condition_failure, transact
from darkroom.aws.values import to_item
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.money import Account, LedgerEntry
from darkroom.domain.ports import WorkspaceExists

_TRIES = 4


class DynamoAccounts:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def open(self, account: Account, grant: LedgerEntry) -> None:
        try:
            transact(
                self._client,
                [self._new(records.account_item(account)), self._new(records.ledger_item(grant))],
            )
        except Canceled:
            raise WorkspaceExists(account.workspace) from None

    def get(self, workspace: str) -> Account | None:
        answer = self._client.get_item(
            TableName=self._table, Key=records.account_key(workspace), ConsistentRead=True
        )
        return records.read_account(answer["Item"]) if "Item" in answer else None

    def admit(self, workspace: str, now: datetime) -> Account:
        minute = int(now.timestamp()) // 60
        for _ in range(_TRIES):
            account = self._count(workspace, minute) or self._begin(workspace, minute)
            if account is not None:
                return account
            if self.get(workspace) is None:
                raise NotFound("workspace")
        raise Unavailable

    def _count(self, workspace: str, minute: int) -> Account | None:
        """Another request of this minute: by far the most, so it is tried first."""
        return self._update(
            workspace,
            "SET requests_this_minute = requests_this_minute + :one",
            "#minute = :minute",
            {":one": 1, ":minute": minute},
        )

    def _begin(self, workspace: str, minute: int) -> Account | None:
        """The first request of this minute."""
        return self._update(
            workspace,
            "SET requests_this_minute = :one, #minute = :minute",
            "#minute < :minute",
            {":one": 1, ":minute": minute},
        )

    def _update(
        self, workspace: str, change: str, condition: str, values: dict[str, int]
    ) -> Account | None:
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=records.account_key(workspace),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#minute": "minute"},
                ExpressionAttributeValues=to_item(values),
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if is_condition_failure(error):
                return None
            raise
        return records.read_account(answer["Attributes"])

    def _new(self, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
