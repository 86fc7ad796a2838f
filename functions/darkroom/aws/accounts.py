"""Workspaces' accounts in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from darkroom.aws import records
from darkroom.aws.queries import answers, items_under
from darkroom.aws.table import Canceled, ConditionFailed, Table, put_new, update
from darkroom.aws.values import to_item
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.money import Account, LedgerEntry, Terms
from darkroom.domain.ports import WorkspaceExists
from darkroom.domain.quotas import OF_DAYS, day_of

_TRIES = 4


class DynamoAccounts:
    def __init__(self, table: Table) -> None:
        self._table = table

    def open(self, account: Account, grant: LedgerEntry) -> None:
        try:
            items = (records.account_item(account), records.ledger_item(grant))
            self._table.transact([put_new(item) for item in items])
        except Canceled:
            raise WorkspaceExists(account.workspace) from None

    def get(self, workspace: str) -> Account | None:
        return self._table.get(records.account_key(workspace), records.read_account)

    def all(self) -> Iterator[Account]:
        # The operator's question, not a customer's: the one scan there is.
        scan = {
            "FilterExpression": "sk = :account",
            "ExpressionAttributeValues": to_item({":account": records.ACCOUNT}),
            "ConsistentRead": True,
        }
        for answer in answers(self._table.scan, scan):
            yield from map(records.read_account, answer["Items"])

    def ledger(self, workspace: str) -> Iterator[LedgerEntry]:
        pk = records.partition(workspace)
        for item in items_under(self._table, pk, records.LEDGER):
            yield records.read_entry(item)

    def grant(self, entry: LedgerEntry) -> bool:
        add = update(
            records.account_key(entry.workspace),
            "SET balance = balance + :more, granted = granted + :more",
            "attribute_exists(pk)",
            {":more": entry.amount},
        )
        try:
            self._table.transact([put_new(records.ledger_item(entry)), add])
        except Canceled as canceled:
            if canceled.failed(0):
                return False
            raise NotFound("workspace") from None
        return True

    def change(self, workspace: str, terms: Terms) -> Account:
        given = terms.given()
        write = update(
            records.account_key(workspace),
            "SET " + ", ".join(f"#{name} = :{name}" for name in given),
            "attribute_exists(pk)",
            {f":{name}": value for name, value in given.items()},
        )
        try:
            return records.read_account(self._table.write(write))
        except ConditionFailed:
            raise NotFound("workspace") from None

    def correct_stored(self, before: Account, stored: int) -> bool:
        as_it_was = "stored_bytes = :before"
        if not before.stored_bytes:
            as_it_was = f"({as_it_was} OR attribute_not_exists(stored_bytes))"
        done, _ = self._change_if(
            before.workspace,
            "SET stored_bytes = :stored",
            f"attribute_exists(pk) AND {as_it_was}",
            {":stored": stored, ":before": before.stored_bytes},
        )
        return done

    def count_of_day(
        self, workspace: str, what: str, number: int, limit: int, now: datetime
    ) -> bool:
        if number > limit:
            return False
        day, names = day_of(now), {"used": f"{what}_of_day"}
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
            others = {one: f"{one}_of_day" for one in OF_DAYS if one != what}
            done, _ = self._change_if(
                workspace,
                f"SET #day = :day, #used = :number REMOVE {', '.join(f'#{one}' for one in others)}",
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
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[bool, Account | None]:
        """Whether the condition held, and the account as it stood against it."""
        try:
            self._table.write(
                update(records.account_key(workspace), change, condition, values, names)
            )
        except ConditionFailed as failed:
            return False, records.read_account(failed.item) if failed.item else None
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
        values = {":one": 1, ":minute": minute}
        if key is not None:
            change += ", of_keys.#key = if_not_exists(of_keys.#key, :zero) + :one"
            values[":zero"] = 0
        return self._counted(workspace, key, change, "#minute >= :minute", values)

    def _begin(self, workspace: str, key: str | None, minute: int) -> Account | None:
        """The first request of this minute."""
        change = "SET requests_this_minute = :one, of_keys = :first, #minute = :minute"
        values = {":one": 1, ":first": {} if key is None else {key: 1}, ":minute": minute}
        return self._counted(workspace, key, change, "#minute < :minute", values)

    def _counted(
        self, workspace: str, key: str | None, change: str, condition: str, values: dict[str, Any]
    ) -> Account | None:
        place, names = records.account_key(workspace), {"key": key or ""}
        change = f"{change} {records.FORGET_LAST_JOB}"
        try:
            item = self._table.write(update(place, change, condition, values, names))
        except ConditionFailed:
            return None
        return records.read_account(item, key)
