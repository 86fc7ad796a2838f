"""The words in which an operation is described."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from darkroom.domain.errors import DarkroomError
from docs.openapi.shapes import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    name: str
    where: str  # query, header or path
    schema: Schema
    text: str = ""
    example: Any = None
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request body. The example is really sent, when the description is put together."""

    schema: Schema
    example: Mapping[str, Any]
    kind: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One status of success. The outcomes are written by the route itself: the examples are what
    it says of them, and all of them are checked against the schema.
    """

    text: str
    outcomes: tuple[Any, ...]
    schema: Schema | None = None  # None: there is no body
    kind: str = "application/json"
    is_shown: bool = True  # the first of the outcomes, as an example


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One operation, beside its route: what the route alone does not tell."""

    name: str  # operationId
    summary: str
    tag: str
    answers: Mapping[int, Answer]
    text: str = ""
    takes: tuple[Parameter, ...] = ()
    sends: tuple[Sent, ...] = ()
    # What may be wrong with a request, beside its key and the number of requests.
    raises: tuple[DarkroomError, ...] = ()
    fails: tuple[Any, ...] = ()  # outcomes that the route writes as errors
    is_counted: bool = True  # as one of a minute's requests
    asks_nobody: bool = False  # of AWS, so that nothing can be out of order


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent without having been asked for just then."""

    name: str  # operationId
    summary: str
    schema: str  # by its name
    example: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """All messages of a dialect, and what they have in common."""

    tag: str
    messages: Mapping[str, Message]
    headers: Mapping[str, Parameter]  # by the names of their components
    answers: Mapping[str, str]  # what each status is taken for


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A dialect. Operations by `METHOD /path`, as the dialect's table of routes has them."""

    title: str
    text: str
    operations: Mapping[str, Described]
    error: str  # which of the schemas all of its errors have
    schemas: Mapping[str, Schema]
    # Routes that are answered and yet nobody's to call who reads this: in no document.
    internal: Mapping[str, Described] = field(default_factory=dict)
    sends: Sending | None = None  # what it tells by itself
