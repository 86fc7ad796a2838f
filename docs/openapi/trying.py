"""Each operation tried with its own example, so that what the document shows is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from darkroom.dialects.context import RequestContext
from darkroom.dialects.dialect import Dialect
from darkroom.dialects.fields import UUID_PATTERN
from darkroom.dialects.routes import Route
from darkroom.dialects.wire import Request, Response
from darkroom.domain import errors
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import JobKind
from darkroom.domain.operations import SubmitJob
from docs.openapi import samples
from docs.openapi.outcomes import Submits, outcomes_of
from docs.openapi.use_case_errors import errors_of

BOUNDARY = "darkroom"
_NAMED = re.compile(r"{(\w+)}")
_NO_ID = "not-an-id"


@dataclass(frozen=True)
class Try:
    """One operation of a dialect, as its example asks for it."""

    dialect: Dialect
    route: Route

    @cached_property
    def path_values(self) -> Mapping[str, str]:
        names = _NAMED.findall(self.route.path)
        return {name: self.route.path_examples.get(name, samples.JOB_ID) for name in names}

    def has_id(self, name: str) -> bool:
        return re.fullmatch(UUID_PATTERN, self.path_values[name]) is not None

    @property
    def path(self) -> str:
        values = self.path_values
        return _NAMED.sub(lambda found: values[found[1]], self.route.path)

    def request(self, **changes: Any) -> Request:
        is_form = self.route.form is not None and self.route.body is None
        headers = {name.lower(): samples.WORKSPACE for name in self.dialect.headers}
        if is_form:
            headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        request = Request(
            method=self.route.method,
            path=self.path,
            host="darkroom.example",
            scheme="https",
            request_id="Jb3xQi7VliAEMXQ=",
            client="198.51.100.7",
            at=samples.NOW,
            headers=headers,
            # Those that must be there are ids of jobs.
            query={one.name: samples.JOB_ID for one in self.route.query if one.is_required},
            body=self._body(is_form=is_form),
        )
        return replace(request, **changes)

    def _body(self, *, is_form: bool) -> bytes:
        if is_form:
            parts = [_part(name, value) for name, value in self.route.example.items()]
            return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()
        return json.dumps(self.route.example).encode() if self.route.body else b""

    def context(self, request: Request | None = None, **path: str) -> RequestContext:
        # API Gateway decodes a path before a function sees it.
        values = {name: unquote(one) for name, one in {**self.path_values, **path}.items()}
        return samples.context_of(self.dialect.name, request or self.request(), values)

    @cached_property
    def operation(self) -> Any:
        """What the example asks for. Raises what is wrong with it."""
        operation = self.dialect.read(self.route, self.context())
        if isinstance(operation, SubmitJob) and isinstance(operation.request, ImageRequest):
            asked = operation.request
            samples.CATALOGUE.model(asked.model).check(asked, asked.model)
        return operation

    @property
    def takes_prefer(self) -> bool:
        """Whether the operation keeps to a preference for a wait."""
        context = self.context(self._with_header("prefer", "wait=10"))
        self.dialect.read(self.route, context)
        return context.granted_wait > 0

    def _with_header(self, name: str, value: str) -> Request:
        request = self.request()
        return replace(request, headers={**request.headers, name: value})

    def responses(self, submits: Submits) -> Iterator[Response]:
        """Each outcome as the route answers it."""
        for outcome in outcomes_of(self.operation, submits):
            yield self.route.response(outcome, self.context())

    def refusals(self) -> Iterator[tuple[str, Response]]:
        """What can be wrong with a request, as the dialect says it, each with a name."""
        for error in self._errors():
            yield _name_of(error), self.dialect.refuse(error, self.request())

    def _errors(self) -> Iterator[errors.DarkroomError | None]:
        yield None  # a fault of ours
        yield errors.Unavailable()
        if self.route.scope is not None:
            text = "Send your key as `Authorization: Bearer <key>`."
            yield errors.Unauthenticated("missing", text)
            yield errors.Forbidden(self.route.scope)
        yield errors.RateLimited(600, 42)
        yield from self._of_reading()
        yield from errors_of(self.operation)
        yield from self.route.raises

    def _of_reading(self) -> Iterator[errors.DarkroomError]:
        """What the route itself refuses, tried."""
        for name in self.dialect.headers:
            request = self.request()
            rest = {key: one for key, one in request.headers.items() if key != name.lower()}
            yield from self._refused(replace(request, headers=rest))
            yield from self._refused(self._with_header(name.lower(), "another"))
        if self.dialect.is_strict and not self.route.takes_any_query:
            yield from self._refused(self.request(query={"page": "2"}))
        for parameter in self.route.query:
            if parameter.name in {"limit", "wait"}:
                yield from self._refused(self.request(query={parameter.name: "1000"}))
        for name in self.path_values:
            yield from self._refused(self.request(), **{name: _NO_ID})
        if self.route.form is not None:
            yield from self._refused(self.request(body=b"--darkroom--\r\n"))
        if self.route.body is not None:
            yield from self._refused(self.request(body=b"{"))
            yield from self._refused(self.request(body=b" " * (256 * 1024 + 1)))
            yield from self._refused(self.request(body=b"{}"))

    def _refused(self, request: Request, **path: str) -> Iterator[errors.DarkroomError]:
        try:
            self.dialect.read(self.route, self.context(request, **path))
        except errors.DarkroomError as error:
            yield error


def tries(dialect: Dialect) -> list[Try]:
    return [Try(dialect, route) for route in dialect.routes]


def submits_of(every: list[Try]) -> Submits:
    """The examples of a dialect's submits, by what they are for."""
    found: dict[JobKind, SubmitJob] = {}
    for one in every:
        if one.route.method == "POST" and isinstance(one.operation, SubmitJob):
            is_captions = isinstance(one.operation.request, CaptionRequest)
            found[JobKind.CAPTIONS if is_captions else JobKind.IMAGES] = one.operation
    return found


def _name_of(error: Any) -> str:
    if error is None:
        return "fault"
    facts = (getattr(error, fact, "") for fact in ("scope", "kind", "field", "reason"))
    return "-".join([type(error).__name__, *(fact for fact in facts if fact)])


def _part(name: str, value: Any) -> str:
    # Of files the example is a name.
    file = f'; filename="{value}"' if name == "file" else ""
    disposition = f'Content-Disposition: form-data; name="{name}"{file}'
    return f"--{BOUNDARY}\r\n{disposition}\r\n\r\n{value}\r\n"
