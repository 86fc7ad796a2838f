"""DynamoDB's typed values, to and from plain ones.

Our own, because botocore's neighbour for this makes every number a Decimal and imports boto3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def to_value(value: object) -> dict[str, Any]:
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": repr(value)}
        case str():
            return {"S": str(value)}
        case Mapping():
            return {"M": to_item(value)}
        case list() | tuple() | frozenset():
            return {"L": [to_value(member) for member in value]}
        case _:
            raise TypeError(f"{type(value).__name__} cannot be stored")


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_value(value) for name, value in values.items()}


def from_value(typed: Mapping[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return float(value) if any(mark in value for mark in ".eE") else int(value)
        case "NULL":
            return None
        case "M":
            return from_item(value)
        case "L":
            return [from_value(member) for member in value]
        case _:
            raise TypeError(f"{kind} is not a type that we store")


def from_item(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: from_value(value) for name, value in typed.items()}
