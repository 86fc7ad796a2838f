"""A dialect: the routes of one API, where its key is in a request, and what an error looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import chain
from typing import Any

from darkroom.dialects.context import RequestContext
from darkroom.dialects.refusals import Errors, Refusal
from darkroom.dialects.routes import Answer, Route, Routes, call
from darkroom.dialects.wire import Request, Response, json_response
from darkroom.domain.errors import DarkroomError, MethodNotAllowed, NotFound
from darkroom.domain.operations import Operation
from darkroom.domain.outcomes import RateLimitStatus

# Every dialect has its routes, too.
_DOCUMENTATION = "darkroom.dialects.documentation"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    name: str
    title: str
    description: str
    credential: Callable[[Request], str | None]
    errors: Errors
    # To the JSON, or to an Answer.
    error: Callable[[Refusal], object] | Callable[[Refusal, Request], object]
    error_type: str = "application/json"
    # The headers that say how many more requests are allowed.
    limits: Callable[[RateLimitStatus], Mapping[str, str]]
    sections: tuple[Routes, ...] = ()
    # Further routes by the beginning of their paths: a module's ROUTES, loaded with the first
    # request for one of them.
    resources: Mapping[str, str] = field(default_factory=dict)
    # Unknown fields and parameters are refused; otherwise they are passed over and named in a
    # header of the answer.
    is_strict: bool = False
    # A path may begin with any of these; the documentation shows the first.
    prefixes: tuple[str, ...] = ("",)
    # Request headers that every operation needs, with their descriptions.
    headers: Mapping[str, str] = field(default_factory=dict)
    # What must hold for every request of the dialect. Raises DarkroomError.
    check: Callable[[RequestContext], None] = lambda _context: None

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        modules = (*dict.fromkeys(self.resources.values()), _DOCUMENTATION)
        return tuple(chain(*self.sections, *map(_routes_in, modules)))

    def path_of(self, route: Route) -> str:
        """As the documentation shows it."""
        is_own = any(one is route for one in chain(*self.sections))
        return self.prefixes[0] + route.path if is_own else route.path

    def has_path(self, request: Request) -> bool:
        """Whatever the method."""
        try:
            self.match(request)
        except NotFound:
            return False
        except MethodNotAllowed:
            return True
        return True

    def match(self, request: Request) -> tuple[Route, dict[str, str]]:
        """The route of a request. Raises NotFound, or MethodNotAllowed."""
        # Every GET can be asked as a HEAD, whose answer has no body.
        method = "GET" if request.method == "HEAD" else request.method
        # No path of ours has a line break, and gateways do not agree on whom one with it is for.
        if not request.path.isprintable():
            raise NotFound("route")
        allowed = set()
        for route, path in self._candidates(request.path):
            parameters = route.fit(path)
            if parameters is None:
                continue
            if route.method == method:
                return route, parameters
            allowed.add(route.method)
        if allowed:
            raise MethodNotAllowed(tuple(sorted(allowed)))
        raise NotFound("route")

    def read(self, route: Route, context: RequestContext) -> Operation[Any]:
        self.check(context)
        return route.operation(context, is_strict=self.is_strict)

    def refuse(self, error: DarkroomError | None, request: Request) -> Response:
        """None is a fault of ours."""
        refusal = self.errors.refusal(error)
        answer = call(self.error, refusal, request)
        if not isinstance(answer, Answer):
            answer = Answer(refusal.status, answer, refusal.headers)
        return json_response(answer.status, answer.body, answer.headers, self.error_type)

    def _candidates(self, path: str) -> Iterator[tuple[Route, str]]:
        """Routes that may fit, each with the path as it declares it."""
        for prefix in self.prefixes:
            if path.startswith(prefix + "/"):
                for route in chain(*self.sections):
                    yield route, path.removeprefix(prefix)
        for beginning, module in self.resources.items():
            if path == beginning or path.startswith(f"{beginning}/"):
                for route in _routes_in(module):
                    yield route, path
        for route in _routes_in(_DOCUMENTATION):
            yield route, path


def _routes_in(module: str) -> Routes:
    routes: Routes = import_module(module).ROUTES
    return routes
