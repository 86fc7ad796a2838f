"""What an answer must be, whoever asked for whatever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fuzz.people import Person

_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNAUTHORIZED, _FIRST_ERROR = 401, 400


@dataclass(frozen=True, slots=True)
class Finding:
    dialect: str
    operation: str
    problem: str
    request: str
    answer: str

    def __str__(self) -> str:
        return f"{self.dialect} {self.operation}: {self.problem}\n  {self.request}\n  {self.answer}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for what."""

    case: Case
    other: Person
    is_foreign: bool  # it names something of the other's
    has_key: bool


def problems(asked: Asked, answer: Response) -> Iterator[str]:
    try:
        asked.case.validate_response(answer, checks=_CHECKS)
    except FailureGroup as group:
        yield from (_told(failure) for failure in group.exceptions)
    except Failure as failure:
        yield _told(failure)
    if asked.is_foreign and answer.status_code < _FIRST_ERROR:
        yield "something of another workspace was served"
    leaked = set(_ID.findall(text_of(answer))) & asked.other.everything()
    if leaked and not asked.is_foreign:
        yield f"ids of another workspace are told: {', '.join(sorted(leaked))}"
    needs_key = bool(asked.case.operation.definition.raw.get("security"))
    # A path with a line break in it is nobody's, whoever asks.
    is_path = unquote(asked.case.formatted_path).isprintable()
    if needs_key and not asked.has_key and is_path and answer.status_code != _UNAUTHORIZED:
        yield "without a key it is answered otherwise than with 401"


def text_of(answer: Response) -> str:
    """Files are bytes, and read as text all the same: ids stand there as anywhere."""
    return answer.content.decode(errors="replace")


def _told(failure: Exception) -> str:
    title = getattr(failure, "title", type(failure).__name__)
    return f"{title}: {getattr(failure, 'message', failure)}"
