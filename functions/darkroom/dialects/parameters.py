"""The parameters of a query, each declared once: how it is read, and how it is described."""

from __future__ import annotations

import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from darkroom.domain.errors import InvalidRequest, NotFound, UnknownReference
from darkroom.domain.image_request import Reference

Value = TypeVar("Value")
Query = Mapping[str, str]

# Longer numbers than any that is meant here; Python itself refuses to read thousands of digits.
_DIGITS = 9
_INTEGER = re.compile(r"-?[0-9]+")


class Parameter(ABC, Generic[Value]):
    is_required = False

    def __init__(self, name: str, description: str, schema: Mapping[str, Any]) -> None:
        self.name = name
        self.description = description
        self.schema = schema

    @abstractmethod
    def read(self, query: Query) -> Value:
        """Raises InvalidRequest."""


class Integer(Parameter[int]):
    def __init__(self, name: str, default: int, least: int, most: int, description: str) -> None:
        schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
        super().__init__(name, description, schema)
        self._default, self._least, self._most = default, least, most

    def read(self, query: Query) -> int:
        text = query.get(self.name)
        if text is None:
            return self._default
        if not _INTEGER.fullmatch(text):
            raise InvalidRequest(self.name, "wrong_type", f"{self.name} must be a whole number.")
        number = int(text[:_DIGITS])
        if len(text) > _DIGITS or not self._least <= number <= self._most:
            allowed = f"{self._least} to {self._most}"
            raise InvalidRequest(self.name, "out_of_range", f"{self.name} must be {allowed}.")
        return number


class Choice(Parameter[str | None]):
    def __init__(self, name: str, choices: Iterable[str], description: str) -> None:
        self.choices = tuple(map(str, choices))
        super().__init__(name, description, {"type": "string", "enum": list(self.choices)})

    def read(self, query: Query) -> str | None:
        text = query.get(self.name)
        if text is not None and text not in self.choices:
            raise unknown_choice(self.name, self.choices)
        return text


class Cursor(Parameter[str | None]):
    """The id that a page before gave."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description, {"type": "string", "format": "uuid"})

    def read(self, query: Query) -> str | None:
        text = query.get(self.name)
        if text is not None and not is_id(text):
            raise InvalidRequest(
                self.name, "malformed", f"{self.name} must be one that a page gave."
            )
        return text and text.lower()


class Text(Parameter[str | None]):
    def __init__(self, name: str, description: str, **schema: Any) -> None:
        super().__init__(name, description, {"type": "string", **schema})

    def read(self, query: Query) -> str | None:
        return query.get(self.name)


class Id(Parameter[str]):
    """What the operation is about; a missing one is answered as an unknown one."""

    is_required = True

    def __init__(self, name: str, kind: str, description: str) -> None:
        super().__init__(name, description, {"type": "string", "format": "uuid"})
        self._kind = kind

    def read(self, query: Query) -> str:
        return id_of(self._kind, query.get(self.name, ""))


def limit(default: int, most: int) -> Integer:
    return Integer("limit", default, 1, most, "Entries on a page.")


CURSOR = Cursor("cursor", "The `cursor` of the page before: what follows it.")


def unknown_choice(field: str, choices: Iterable[str], why: str = "") -> InvalidRequest:
    text = f"{why}{field} must be one of {', '.join(choices)}."
    return InvalidRequest(field, "unknown", text)


def is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def id_of(kind: str, text: str) -> str:
    # A malformed id and that of another workspace answer alike, and neither costs a read.
    if not is_id(text):
        raise NotFound(kind)
    return text.lower()


def reference(field: str, text: str) -> str:
    """The id of what a field names; a malformed one is answered as an unknown one."""
    if not is_id(text):
        raise UnknownReference(field)
    return text.lower()


def references(field: str, given: Iterable[str]) -> tuple[Reference, ...]:
    """A list of ids of media."""
    return tuple(
        Reference(media=reference(f"{field}.{place}", name)) for place, name in enumerate(given)
    )
