"""The cases of one operation: drawn from its description, and aimed at what is there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from random import Random
from typing import Any
from urllib.parse import quote
from zlib import crc32

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core import NOT_SET

from tests.conformance.vendors import an_image

Operation = Any
# As described, against the description, and the example with one field drawn anew.
AIMED, FOREIGN, POSITIVE, NEGATIVE, VARIED = range(5)
_AFTER_THE_FIRST = (FOREIGN, POSITIVE, NEGATIVE, VARIED)


def operations_of(document: dict[str, Any]) -> list[Operation]:
    """Deletions last: before them there is something to read."""
    schema = schemathesis.openapi.from_dict(document)
    found = [result.ok() for result in schema.get_all_operations()]
    return sorted(found, key=lambda one: ("post", "get", "patch", "delete").index(one.method))


def cases_of(operation: Operation, count: int, seed: int) -> Iterator[tuple[int, Case]]:
    """`count` of them, each with its turn; the same ones for the same seed."""
    turns = _turns_of(operation)
    share = -(-count // len(turns))
    positive = cycle(_drawn(operation, GenerationMode.POSITIVE, share * 2, seed))
    is_negated = NEGATIVE in turns[:count]
    negative = _drawn(operation, GenerationMode.NEGATIVE, share, seed) if is_negated else []
    negatives = cycle(negative) if negative else positive
    chance = Random(f"{seed} {operation.label}")  # noqa: S311 - cases are no secrets
    for turn in islice(cycle(turns), count):
        if turn == NEGATIVE:
            yield turn, _copy(next(negatives))
            continue
        case = _copy(next(positive))
        if turn in {AIMED, FOREIGN, VARIED}:
            _aim(case, chance, varied=turn == VARIED)
        yield turn, case


def _turns_of(operation: Operation) -> tuple[int, ...]:
    """Each begins with another one, so that few cases of each are some of all kinds."""
    begin = crc32(operation.label.encode()) % len(_AFTER_THE_FIRST)
    return (AIMED, *_AFTER_THE_FIRST[begin:], *_AFTER_THE_FIRST[:begin])


def _drawn(operation: Operation, mode: GenerationMode, count: int, seed: int) -> list[Case]:
    drawn: list[Case] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def draw(case: Case) -> None:
        drawn.append(case)

    try:
        draw()
    except Unsatisfiable:
        return []  # there is nothing that could be sent wrongly
    return drawn


def _copy(case: Case) -> Case:
    return case.operation.Case(
        path_parameters=dict(case.path_parameters or {}),
        headers=dict(case.headers or {}),
        cookies=dict(case.cookies or {}),
        query=dict(case.query or {}),
        body=dict(case.body) if isinstance(case.body, dict) else case.body,
        media_type=case.media_type,
    )


def _aim(case: Case, chance: Random, *, varied: bool) -> None:
    """The example of the description; one of the drawn fields on top, if it is to be varied."""
    definition = case.operation.definition.raw
    case.query, case.headers = {}, {}
    shown = {
        one["name"]: quote(str(one["example"]), safe="%")
        for one in definition.get("parameters", ())
        if one["in"] == "path"
    }
    case.path_parameters = {**case.path_parameters, **shown}
    contents = definition.get("requestBody", {}).get("content", {})
    if not contents:
        return
    kind = chance.choice(sorted(contents))
    drawn = case.body if case.media_type == kind and isinstance(case.body, dict) else {}
    case.media_type, case.body = kind, dict(contents[kind]["example"])
    if "file" in case.body:
        case.body["file"] = an_image()
    elif varied and drawn:
        name = chance.choice(sorted(drawn))
        case.body[name] = drawn[name]


def has_body(case: Case) -> bool:
    return case.body is not NOT_SET
