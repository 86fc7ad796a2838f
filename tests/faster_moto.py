"""Three things that moto and botocore do slowly, and the tests do thousands of times, done quickly:
to the functions nothing else happens.
"""

from __future__ import annotations

import copy
import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from botocore.retries.quota import RetryQuota
from botocore.session import Session
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

_serialize_structure = BaseJSONSerializer._serialize_type_structure
_transact_write_items = DynamoDBBackend.transact_write_items
_create_client = Session.create_client


@contextmanager
def faster_moto(*, own_clients: bool) -> Iterator[None]:
    with ExitStack() as stack:
        for of, name, faster in (
            (BaseJSONSerializer, "_serialize_type_structure", _serialize),
            (DynamoDBBackend, "transact_write_items", _transact),
            # Nothing else copies a table.
            (Table, "__deepcopy__", lambda table, _: table),
        ):
            stack.enter_context(patch.object(of, name, faster, create=True))
        if not own_clients:
            _put_back_retries()
            stack.enter_context(patch.object(Session, "create_client", _shared_client))
        yield


_clients: dict[Any, Any] = {}
_quotas: list[RetryQuota] = []


def _shared_client(session: Session, *given: Any, **options: Any) -> Any:
    """Made once a process: to make a function's clients takes longer than most tests."""
    config = options.pop("config", None)
    chosen = getattr(config, "_user_provided_options", None)
    key = repr((given, sorted(options.items()), chosen))
    if key not in _clients:
        _clients[key] = _create_client(session, *given, config=config, **options)
        _quotas[:] = [thing for thing in gc.get_objects() if isinstance(thing, RetryQuota)]
    return _clients[key]


def _put_back_retries() -> None:
    """What a client remembers of one test's failures is not the next one's."""
    for quota in _quotas:
        quota.release(quota._max_capacity)


def _serialize(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """A value of DynamoDB is of one type, whose name it gives: moto looks for each of the ten, by
    all the names that these might have.
    """
    if shape.name == "AttributeValue" and isinstance(value, dict):
        serialized[key] = _attribute(value)
    else:
        _serialize_structure(serializer, serialized, value, shape, key)


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    [(kind, inner)] = value.items()
    if kind == "M":
        return {kind: {name: _attribute(one) for name, one in inner.items()}}
    if kind == "L":
        return {kind: [_attribute(one) for one in inner]}
    if kind in {"B", "BS"}:
        raise NotImplementedError("no item of ours has bytes")
    return {kind: str(inner) if kind in {"S", "N"} else inner}


def _transact(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """Copies the items that it writes, for the case that it fails: moto's own copies all tables."""
    before = [_copied(backend, *one.values()) for one in transact_items]
    tables = {table.name: table for table, *_ in before}.values()
    changes = [(shard, len(shard.items)) for table in tables if (shard := table.stream_shard)]
    try:
        _transact_write_items(backend, transact_items)
    except Exception:
        for _, items, place, item in before:
            if item is not None:
                items[place] = item
            else:
                items.pop(place, None)
        for shard, count in changes:
            del shard.items[count:]
        raise


def _copied(
    backend: DynamoDBBackend, write: dict[str, Any]
) -> tuple[Table, dict[DynamoType, Item], DynamoType, Item | None]:
    """The place of a write and what was there. From here on a copy is there."""
    table = backend.tables[write["TableName"]]
    key = write.get("Key") or write["Item"]
    *partition, place = (DynamoType(key[name]) for name in table.table_key_attrs)
    # A table without a sort key has its items beside each other.
    items: Any = table.items[partition[0]] if partition else table.items
    item = items.get(place)
    if item is not None:
        items[place] = copy.deepcopy(item)
    return table, items, place, item
