"""The errors of operations: one answer a status, with all that it says anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from darkroom.dialects.dialect import Dialect
from darkroom.dialects.refusals import phrase_of
from darkroom.dialects.wire import Response
from docs.openapi.headers import of_answers
from docs.openapi.schemas import Schema

# An operation's own part of the examples that its answers share with those of others.
SAYS = "x-refusals"


@dataclass(frozen=True, slots=True)
class Refused:
    """What an operation refers to, and which of the examples are its own, by status."""

    responses: dict[str, Any]
    examples: dict[str, list[str]]


class SharedRefusals:
    def __init__(self, dialect: Dialect, schema: Schema) -> None:
        self._dialect = dialect
        self._schema = schema
        self._known: dict[int, dict[str, Response]] = {}

    def of_operation(self, refusals: Iterable[tuple[str, Response]]) -> Refused:
        examples: dict[int, dict[str, None]] = {}
        for name, answer in refusals:
            examples.setdefault(answer.status, {})[self._example(name, answer)] = None
        statuses = sorted(examples)
        return Refused(
            responses={
                str(status): {"$ref": f"#/components/responses/{_name(status)}"}
                for status in statuses
            },
            examples={str(status): list(examples[status]) for status in statuses},
        )

    def components(self) -> dict[str, Any]:
        return {_name(status): self._response(status) for status in sorted(self._known)}

    def _example(self, name: str, answer: Response) -> str:
        """Its name: with a number where another answer has that name already."""
        known = self._known.setdefault(answer.status, {})
        free, number = name, 1
        while known.setdefault(free, answer).body != answer.body:
            number += 1
            free = f"{name}-{number}"
        return free

    def _response(self, status: int) -> dict[str, Any]:
        known = self._known[status]
        kinds = {answer.headers["content-type"] for answer in known.values()}
        examples = {name: {"value": json.loads(answer.body)} for name, answer in known.items()}
        content = {"schema": self._schema, "examples": examples}
        return {
            "description": phrase_of(status),
            "headers": of_answers(self._dialect, known.values(), may_stand_in=False),
            "content": dict.fromkeys(sorted(kinds), content),
        }


def _name(status: int) -> str:
    return "".join(filter(str.isalpha, phrase_of(status)))
