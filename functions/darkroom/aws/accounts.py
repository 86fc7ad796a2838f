"""Workspaces' accounts in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from darkroom.aws import records
from darkroom.aws.queries import items_under
from darkroom.aws.transactions import (
    Canceled,
    is_condition_failure,
    put_new,
    transact,
    with_retries,
)
from darkroom.aws.values import to_item
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.money import Account, LedgerEntry, Terms
from darkroom.domain.ports import WorkspaceExists
from darkroom.domain.quotas import OF_DAYS, day_of

_TRIES = 4


class DynamoAccounts:
    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def open(self, account: Account, grant: LedgerEntry) -> None:
        try:
            transact(
                self._client,
                [
                    put_new(self._table, records.account_item(account)),
                    put_new(self._table, records.ledger_item(grant)),
                ],
            )
        except Canceled:
            raise WorkspaceExists(account.workspace) from None

    def get(self, workspace: str) -> Account | None:
        answer = self._client.get_item(
            TableName=self._table, Key=records.account_key(workspace), ConsistentRead=True
        )
        return records.read_account(answer["Item"]) if "Item" in answer else None

    def all(self) -> Iterator[Account]:
        # The operator's question, not a customer's: the one scan there is.
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="sk = :account",
            ExpressionAttributeValues=to_item({":account": records.ACCOUNT}),
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                yield records.read_account(item)

    def ledger(self, workspace: str) -> Iterator[LedgerEntry]:
        pk = records.partition(workspace)
        for item in items_under(self._client, self._table, pk, records.LEDGER):
            yield records.read_entry(item)

    def grant(self, entry: LedgerEntry) -> bool:
        add = {
            "Update": {
                "TableName": self._table,
                "Key": records.account_key(entry.workspace),
                "UpdateExpression": "SET balance = balance + :more, granted = granted + :more",
                "ConditionExpression": "attribute_exists(pk)",
                "ExpressionAttributeValues": to_item({":more": entry.amount}),
            }
        }
        try:
            transact(self._client, [put_new(self._table, records.ledger_item(entry)), add])
        except Canceled as canceled:
            if canceled.failed(0):
                return False
            raise NotFound("workspace") from None
        return True

    def change(self, workspace: str, terms: Terms) -> Account:
        given = terms.given()
        try:
            answer = with_retries(
                partial(
                    self._client.update_item,
                    TableName=self._table,
                    Key=records.account_key(workspace),
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in given),
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeNames={f"#{name}": name for name in given},
                    ExpressionAttributeValues=to_item(
                        {f":{name}": value for name, value in given.items()}
                    ),
                    ReturnValues="ALL_NEW",
                )
            )
        except ClientError as error:
            if is_condition_failure(error):
                raise NotFound("workspace") from None
            raise
        return records.read_account(answer["Attributes"])

    def correct_stored(self, before: Account, stored: int) -> bool:
        as_it_was = "stored_bytes = :before"
        if not before.stored_bytes:
            as_it_was = f"({as_it_was} OR attribute_not_exists(stored_bytes))"
        done, _ = self._change_if(
            before.workspace,
            "SET stored_bytes = :stored",
            f"attribute_exists(pk) AND {as_it_was}",
            {":stored": stored, ":before": before.stored_bytes},
            {},
        )
        return done

    def count_of_day(
        self, workspace: str, what: str, number: int, limit: int, now: datetime
    ) -> bool:
        if number > limit:
            return False
        day, names = day_of(now), {"#day": "day", "#used": f"{what}_of_day"}
        for _ in range(_TRIES):
            done, stands = self._change_if(
                workspace,
                "SET #used = if_not_exists(#used, :zero) + :number",
                "#day >= :day AND (attribute_not_exists(#used) OR #used <= :room)",
                {":zero": 0, ":number": number, ":day": day, ":room": limit - number},
                names,
            )
            if done or (stands is not None and stands.day >= day):
                return done
            others = {f"#{one}": f"{one}_of_day" for one in OF_DAYS if one != what}
            done, _ = self._change_if(
                workspace,
                f"SET #day = :day, #used = :number REMOVE {', '.join(others)}",
                "attribute_exists(pk) AND (attribute_not_exists(#day) OR #day < :day)",
                {":number": number, ":day": day},
                names | others,
            )
            if done:
                return True
        raise Unavailable

    def _change_if(
        self,
        workspace: str,
        change: str,
        condition: str,
        values: dict[str, int],
        names: dict[str, str],
    ) -> tuple[bool, Account | None]:
        """Whether the condition held, and the account as it stood against it."""
        write = partial(
            self._client.update_item,
            TableName=self._table,
            Key=records.account_key(workspace),
            UpdateExpression=change,
            ConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **({"ExpressionAttributeNames": names} if names else {}),
        )
        try:
            with_retries(write)
        except ClientError as error:
            if not is_condition_failure(error):
                raise
            item: Any = error.response.get("Item")
            return False, records.read_account(item) if item else None
        return True, None

    def count_request(self, workspace: str, key: str | None, now: datetime) -> Account:
        minute = int(now.timestamp()) // 60
        for _ in range(_TRIES):
            account = self._count(workspace, key, minute) or self._begin(workspace, key, minute)
            if account is not None:
                return account
            if self.get(workspace) is None:
                raise NotFound("workspace")
        raise Unavailable

    def _count(self, workspace: str, key: str | None, minute: int) -> Account | None:
        """Another request of this minute: by far the most, so it is tried first.

        One of the minute before may come late; it counts in the new one.
        """
        change = "SET requests_this_minute = requests_this_minute + :one"
        values, names = {":one": 1, ":minute": minute}, {}
        if key is not None:
            change += ", of_keys.#key = if_not_exists(of_keys.#key, :zero) + :one"
            values[":zero"] = 0
            names["#key"] = key
        return self._update(
            workspace,
            key,
            change=change,
            condition="#minute >= :minute",
            values=values,
            names=names,
        )

    def _begin(self, workspace: str, key: str | None, minute: int) -> Account | None:
        """The first request of this minute."""
        return self._update(
            workspace,
            key,
            change="SET requests_this_minute = :one, of_keys = :first, #minute = :minute",
            condition="#minute < :minute",
            values={":one": 1, ":first": {} if key is None else {key: 1}, ":minute": minute},
            names={},
        )

    def _update(
        self,
        workspace: str,
        key: str | None,
        *,
        change: str,
        condition: str,
        values: dict[str, Any],
        names: dict[str, str],
    ) -> Account | None:
        try:
            answer = with_retries(
                partial(
                    self._client.update_item,
                    TableName=self._table,
                    Key=records.account_key(workspace),
                    UpdateExpression=change,
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#minute": "minute"} | names,
                    ExpressionAttributeValues=to_item(values),
                    ReturnValues="ALL_NEW",
                )
            )
        except ClientError as error:
            if is_condition_failure(error):
                return None
            raise
        return records.read_account(answer["Attributes"], key)
