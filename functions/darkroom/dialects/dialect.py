"""A dialect: the routes of one API, where its key is in a request, and what an error looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import chain
from typing import Any, Generic, TypeVar

from darkroom.dialects.bodies import Body
from darkroom.dialects.context import RequestContext
from darkroom.dialects.job_headers import job_headers, job_of
from darkroom.dialects.parameters import Parameter
from darkroom.dialects.refusals import Errors
from darkroom.dialects.wire import Request, Response, json_response
from darkroom.domain.errors import DarkroomError, InvalidRequest, MethodNotAllowed, NotFound
from darkroom.domain.operations import Operation
from darkroom.domain.outcomes import RateLimitStatus

Content = TypeVar("Content")
Result = TypeVar("Result")
# Every dialect has its routes, too.
_DOCUMENTATION = "darkroom.dialects.documentation"


@dataclass(frozen=True, slots=True)
class Answer(Generic[Content]):
    """A body with a status or headers that its route does not always have."""

    status: int
    body: Content
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation of an API: how its request is read, and how its outcome is answered."""

    method: str
    path: str  # `/v1/jobs/{id}`: a name in braces takes one segment
    # From the context, or from body and context where the route takes a body. Each function here
    # is given as many arguments as it takes.
    read: Callable[..., Operation]
    # From outcome and context: the JSON, an Answer or a whole Response. None: there is no body.
    answer: Callable[..., Any] | None = None
    scope: str | None  # None: no key is asked for
    status: int = 200
    body: type[Body] | None = None
    body_is_optional: bool = False
    form: type | None = None  # of multipart/form-data: a TypedDict, with the file as `file`
    query: tuple[Parameter[Any], ...] = ()
    takes_any_query: bool = False  # without a word about unknown parameters
    is_counted: bool = True  # as one of the requests that a minute allows
    # For the documentation.
    tag: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
    path_examples: Mapping[str, str] = field(default_factory=dict)
    answer_type: Any = None  # of a whole Response
    raises: tuple[DarkroomError, ...] = ()  # beside those that the example can lead to
    is_internal: bool = False

    def operation(self, context: RequestContext, *, is_strict: bool) -> Operation:
        """What the request asks for. Raises InvalidRequest and its kin."""
        request = context.request
        self._check_query(request, is_strict=is_strict)
        if self.form is not None and _is_form(request, self.body):
            from darkroom.dialects.forms import read_form  # noqa: PLC0415

            names = tuple(name for name in self.form.__annotations__ if name != "file")
            form = read_form(request, names, None if is_strict else request.ignored)
            return _call(self.read, form, context)
        if self.body is None:
            return _call(self.read, context)
        # Loads pydantic, which no read needs.
        from darkroom.dialects.reading_bodies import read_body  # noqa: PLC0415

        sent = request.body
        if self.body_is_optional:
            sent = sent.strip() or b"{}"
        body, context.fingerprint = read_body(
            self.body, sent, None if is_strict else request.ignored
        )
        return _call(self.read, body, context)

    def response(self, outcome: Any, context: RequestContext) -> Response:
        job = job_of(outcome)
        if job is not None:
            context.job = job.id
        answer = _call(self.answer, outcome, context) if self.answer else None
        if isinstance(answer, Response):
            return answer
        if answer is None:
            return Response(status=self.status)
        if not isinstance(answer, Answer):
            answer = Answer(self.status, answer)
        headers = dict(answer.headers)
        if context.granted_wait:
            headers["preference-applied"] = f"wait={context.granted_wait}"
        if job is not None:
            headers |= job_headers(job, context.catalogue)
        return json_response(answer.status, answer.body, headers)

    def _check_query(self, request: Request, *, is_strict: bool) -> None:
        known = {parameter.name for parameter in self.query}
        for name in () if self.takes_any_query else request.query:
            if name in known:
                continue
            if is_strict:
                text = f"This path takes no parameter {name}."
                raise InvalidRequest(name, "unknown_field", text)
            request.ignored.add(name)

    def fit(self, path: str) -> dict[str, str] | None:
        """The parameters of a path that is this route's."""
        expected, given = self.path.split("/"), path.split("/")
        if len(expected) != len(given):
            return None
        parameters = {}
        for want, have in zip(expected, given, strict=True):
            if want.startswith("{"):
                if not have:
                    return None
                parameters[want[1:-1]] = have
            elif want != have:
                return None
        return parameters


def _call(function: Callable[..., Result], *given: Any) -> Result:
    """With as many of these as it takes."""
    return function(*given[: function.__code__.co_argcount])


def _is_form(request: Request, body: type[Body] | None) -> bool:
    """JSON is taken for what it is, whatever its content type says."""
    if body is None or request.headers.get("content-type", "").startswith("multipart/"):
        return True
    return not request.body.lstrip().startswith(b"{")


Read = TypeVar("Read", bound=Callable[..., Operation])


class Routes:
    """Routes of one kind, which the documentation shows together, declared by decorators:

        ROUTES = Routes("images")

        @ROUTES.post("/v1/images", GENERATE, answer=accepted, body=Generate, status=202)
        def generate(body: Generate, context: RequestContext) -> SubmitJob: ...

    The documentation takes title and text of an operation from the function's docstring.
    """

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def include(self, others: Iterable[Route]) -> None:
        """Routes of the same kind that are declared in another file."""
        self._routes += others

    def get(self, path: str, scope: str | None, **more: Any) -> Callable[[Read], Read]:
        return self._add("GET", path, scope, more)

    def post(self, path: str, scope: str | None, **more: Any) -> Callable[[Read], Read]:
        return self._add("POST", path, scope, more)

    def patch(self, path: str, scope: str | None, **more: Any) -> Callable[[Read], Read]:
        return self._add("PATCH", path, scope, more)

    def delete(self, path: str, scope: str | None, **more: Any) -> Callable[[Read], Read]:
        return self._add("DELETE", path, scope, more)

    def _add(
        self, method: str, path: str, scope: str | None, more: dict[str, Any]
    ) -> Callable[[Read], Read]:
        def add(read: Read) -> Read:
            route = Route(method=method, path=path, scope=scope, read=read, tag=self.tag, **more)
            self._routes.append(route)
            return read

        return add


@dataclass(frozen=True, kw_only=True)
class Dialect:
    name: str
    title: str
    description: str
    credential: Callable[[Request], str | None]
    errors: Errors
    # (refusal, request) → the JSON, or an Answer.
    error: Callable[..., Any]
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

    def read(self, route: Route, context: RequestContext) -> Operation:
        self.check(context)
        return route.operation(context, is_strict=self.is_strict)

    def refuse(self, error: DarkroomError | None, request: Request) -> Response:
        """None is a fault of ours."""
        refusal = self.errors.refusal(error)
        answer = _call(self.error, refusal, request)
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
