"""Refusals that operations share: one answer a status, with all that it says anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.dialects.statuses import phrase_of
from darkroom.dialects.wire import Dialect, Response
from docs.openapi.headers import of_answers
from docs.openapi.refusals import Refusal
from docs.openapi.shapes import ref

# An operation's own part of the examples that its answers share with those of others.
SAYS = "x-refusals"


@dataclass(frozen=True, slots=True)
class Refused:
    """What an operation refers to, and which of the examples are its own, by status."""

    responses: dict[str, Any]
    examples: dict[str, list[str]]


class SharedRefusals:
    def __init__(self, dialect: Dialect, schema: str) -> None:
        self._dialect = dialect
        self._schema = schema
        self._told: dict[int, dict[str, Response]] = {}

    def of_operation(self, refusals: Mapping[int, Refusal]) -> Refused:
        return Refused(
            responses={
                str(status): {"$ref": f"#/components/responses/{_name(status)}"}
                for status in refusals
            },
            examples={
                str(status): [
                    self._example(status, name, answer)
                    for name, answer in zip(refusal.names, refusal.answers, strict=True)
                ]
                for status, refusal in refusals.items()
            },
        )

    def components(self) -> dict[str, Any]:
        return {_name(status): self._response(status) for status in sorted(self._told)}

    def _example(self, status: int, name: str, answer: Response) -> str:
        """Its name: with a number where another answer has that name already."""
        told = self._told.setdefault(status, {})
        free, number = name, 1
        while told.setdefault(free, answer).body != answer.body:
            number += 1
            free = f"{name}-{number}"
        return free

    def _response(self, status: int) -> dict[str, Any]:
        told = self._told[status]
        kinds = {answer.headers["content-type"] for answer in told.values()}
        examples = {name: {"value": json.loads(answer.body)} for name, answer in told.items()}
        content = {"schema": ref(self._schema), "examples": examples}
        return {
            "description": phrase_of(status),
            "headers": of_answers(self._dialect, told.values(), may_stand_in=False),
            "content": dict.fromkeys(sorted(kinds), content),
        }


def _name(status: int) -> str:
    return "".join(filter(str.isalpha, phrase_of(status)))
