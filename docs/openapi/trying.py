"""Each operation tried with its own examples, so that what the document shows is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from darkroom.dialects.wire import Request, Response, Route
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.operations import SubmitJob
from docs.openapi import samples
from docs.openapi.described import Answer, Described, Parameter, Sent
from docs.openapi.shapes import UUID

BOUNDARY = "darkroom"
_NAMED = re.compile(r"{(\w+)}")


class Untrue(Exception):  # noqa: N818 - what it is
    """An example that the code itself answers in another way."""


@dataclass(frozen=True, slots=True)
class Try:
    """One operation of a dialect, with its examples."""

    route: Route
    described: Described

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All of them; those of the path that nobody described take an id."""
        named = {one.name for one in self.described.takes if one.where == "path"}
        implied = tuple(
            Parameter(
                name=name, where="path", schema=UUID, example=samples.JOB_ID, is_required=True
            )
            for name in _NAMED.findall(self.route.path)
            if name not in named
        )
        return (*implied, *self.described.takes)

    def request(self, sent: Sent | None) -> Request:
        headers = {
            one.name.lower(): str(one.example)
            for one in self.parameters
            if one.where == "header" and one.is_required
        }
        if sent is not None:
            headers["content-type"] = sent.kind
        if sent is not None and sent.kind == "multipart/form-data":
            headers["content-type"] = f"{sent.kind}; boundary={BOUNDARY}"
        return Request(
            method=self.route.method,
            path=self.path(),
            host="darkroom.example",
            scheme="https",
            request_id="Jb3xQi7VliAEMXQ=",
            client="198.51.100.7",
            at=samples.NOW,
            headers=headers,
            body=_body(sent),
        )

    def values(self) -> dict[str, str]:
        return {one.name: str(one.example) for one in self.parameters if one.where == "path"}

    def path(self) -> str:
        values = self.values()
        return _NAMED.sub(lambda found: values[found[1]], self.route.path)

    def is_read(self) -> None:
        """The examples of what is sent are taken by the route. Raises whatever it refuses."""
        for sent in self.described.sends or (None,):
            operation = self.route.read(self.request(sent), self.values(), samples.DESK)
            if isinstance(operation, SubmitJob) and isinstance(operation.request, ImageRequest):
                asked = operation.request
                samples.DESK.catalogue.model(asked.model).check(asked, asked.model)

    def answers(self) -> Iterator[tuple[int, Answer, Response]]:
        """Each outcome as the route writes it."""
        sent = next(iter(self.described.sends), None)
        for status, answer in self.described.answers.items():
            for outcome in answer.outcomes:
                response = self.route.write(outcome, self.request(sent), samples.DESK)
                if response.status != status:
                    name = self.described.name
                    raise Untrue(f"{name} answers {response.status} in place of {status}")
                yield status, answer, response


def _body(sent: Sent | None) -> bytes:
    if sent is None:
        return b""
    if sent.kind == "application/json":
        return json.dumps(sent.example).encode()
    parts = [_part(name, value) for name, value in sent.example.items()]
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


def _part(name: str, value: Any) -> str:
    # Of files the example is a name.
    file = f'; filename="{value}"' if name == "file" else ""
    disposition = f'Content-Disposition: form-data; name="{name}"{file}'
    return f"--{BOUNDARY}\r\n{disposition}\r\n\r\n{value}\r\n"
