"""A route of an API: how its request is read, and how its outcome is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypedDict, TypeVar, Unpack, overload

from darkroom.dialects.bodies import Body
from darkroom.dialects.context import RequestContext
from darkroom.dialects.job_headers import job_headers, job_of
from darkroom.dialects.parameters import Parameter
from darkroom.dialects.synchronous import JOB, REDIRECT, goes_on, next_wait, synchronous, wait_on
from darkroom.dialects.wire import Request, Response, json_response
from darkroom.domain.errors import DarkroomError, InvalidRequest
from darkroom.domain.operations import Operation, SubmitJob, WaitForJob
from darkroom.domain.outcomes import Deleted, Quote

if TYPE_CHECKING:
    # Few requests bring a file.
    from darkroom.dialects.forms import Form

Content = TypeVar("Content")
Result = TypeVar("Result")
Sent = TypeVar("Sent")
BodyModel = TypeVar("BodyModel", bound=Body)
Function = TypeVar("Function", bound=Callable[..., Any])
# A function leaves out what it has no use for.
Read: TypeAlias = Callable[[], Operation[Result]] | Callable[[RequestContext], Operation[Result]]
ReadBody: TypeAlias = (
    Callable[[Sent], Operation[Result]] | Callable[[Sent, RequestContext], Operation[Result]]
)
# To the JSON of the answer, to an Answer, or to a whole Response.
Write: TypeAlias = Callable[[Result], object] | Callable[[Result, RequestContext], object]


@dataclass(frozen=True, slots=True)
class Answer(Generic[Content]):
    """A body with a status or headers that its route does not always have."""

    status: int
    body: Content
    headers: Mapping[str, str] = field(default_factory=dict)


class Options(TypedDict, total=False):
    """Of a route: what few routes declare."""

    status: int
    query: tuple[Parameter[Any], ...]
    takes_any_query: bool
    body_is_optional: bool
    example: Mapping[str, Any]
    path_examples: Mapping[str, str]
    answer_type: Any
    raises: tuple[DarkroomError, ...]
    is_internal: bool
    is_synchronous: bool


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation of an API: how its request is read, and how its outcome is answered."""

    method: str
    path: str  # `/v1/jobs/{id}`: a name in braces takes one segment
    read: Callable[..., Operation[Any]]
    answer: Write[Any] | None = None  # None: the answer has no body
    scope: str | None  # None: no key is asked for
    status: int = 200
    body: type[Body] | None = None
    body_is_optional: bool = False
    form: type | None = None  # of multipart/form-data: a TypedDict, with the file as `file`
    query: tuple[Parameter[Any], ...] = ()
    takes_any_query: bool = False  # without a word about unknown parameters
    # A submit's answer brings the images: what is not ready after a wait is waited for at the same
    # path, by the GET that `waiting` gives.
    is_synchronous: bool = False
    # For the documentation.
    tag: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
    path_examples: Mapping[str, str] = field(default_factory=dict)
    answer_type: Any = None  # of a whole Response
    raises: tuple[DarkroomError, ...] = ()  # beside those that the example can lead to
    is_internal: bool = False

    def operation(self, context: RequestContext, *, is_strict: bool) -> Operation[Any]:
        """What the request asks for. Raises InvalidRequest and its kin."""
        operation = self._read(context, is_strict=is_strict)
        if self.is_synchronous and isinstance(operation, SubmitJob) and operation.wait:
            return synchronous(operation, self.path, context)
        return operation

    def _read(self, context: RequestContext, *, is_strict: bool) -> Operation[Any]:
        request = context.request
        self._check_query(request, is_strict=is_strict)
        if self.form is not None and _is_form(request, self.body):
            from darkroom.dialects.forms import read_form  # noqa: PLC0415

            names = tuple(name for name in self.form.__annotations__ if name != "file")
            form = read_form(request, names, None if is_strict else request.ignored)
            return call(self.read, form, context)
        if self.body is None:
            return call(self.read, context)
        # Loads pydantic, which no read needs.
        from darkroom.dialects.reading_bodies import read_body  # noqa: PLC0415

        sent = request.body
        if self.body_is_optional:
            sent = sent.strip() or b"{}"
        body, context.fingerprint = read_body(
            self.body, sent, None if is_strict else request.ignored
        )
        return call(self.read, body, context)

    def response(self, outcome: Any, context: RequestContext) -> Response:
        job = job_of(outcome)
        if job is not None:
            context.job = job.id
        answer = call(self.answer, outcome, context) if self.answer else None
        if isinstance(answer, Response):
            return answer
        if answer is None:
            return Response(status=self.status)
        if not isinstance(answer, Answer):
            answer = Answer(self.status, answer)
        headers, status = dict(answer.headers), answer.status
        if self.is_synchronous and goes_on(outcome):
            status = HTTPStatus.SEE_OTHER
            headers |= next_wait(outcome.job.id, context.request)
        if context.granted_wait and not isinstance(outcome, Quote):
            headers["preference-applied"] = f"wait={context.granted_wait}"
        if job is not None:
            headers |= job_headers(job, context.catalogue)
        return json_response(status, answer.body, headers)

    def waiting(self) -> Route:
        """The route at which the client of this one waits on."""

        def wait_for_images(context: RequestContext) -> WaitForJob:
            """Wait for the images of a call

            Where the call redirects to when its images take long. It makes no job.
            """
            return wait_on(self.path, context)

        wait_for_images.__name__ = f"wait_for_{self.read.__name__}"
        return replace(
            self,
            method="GET",
            read=wait_for_images,
            body=None,
            form=None,
            query=(*self.query, JOB, REDIRECT),
        )

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


def call(function: Callable[..., Result], *given: Any) -> Result:
    """With as many of these as it takes: the types of routes say which it may leave out."""
    return function(*given[: function.__code__.co_argcount])


def _is_form(request: Request, body: type[Body] | None) -> bool:
    """JSON is taken for what it is, whatever its content type says."""
    if body is None or request.headers.get("content-type", "").startswith("multipart/"):
        return True
    return not request.body.lstrip().startswith(b"{")


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

    def get(
        self, path: str, scope: str | None, *, answer: Write[Result], **more: Unpack[Options]
    ) -> Callable[[Read[Result]], Read[Result]]:
        return self._add("GET", path, scope, answer=answer, **more)

    @overload
    def post(
        self, path: str, scope: str | None, *, answer: Write[Result], **more: Unpack[Options]
    ) -> Callable[[Read[Result]], Read[Result]]: ...

    @overload
    def post(
        self,
        path: str,
        scope: str | None,
        *,
        answer: Write[Result],
        body: type[BodyModel],
        **more: Unpack[Options],
    ) -> Callable[[ReadBody[BodyModel, Result]], ReadBody[BodyModel, Result]]: ...

    @overload
    def post(
        self,
        path: str,
        scope: str | None,
        *,
        answer: Write[Result],
        form: type,
        **more: Unpack[Options],
    ) -> Callable[[ReadBody[Form, Result]], ReadBody[Form, Result]]: ...

    @overload
    def post(
        self,
        path: str,
        scope: str | None,
        *,
        answer: Write[Result],
        body: type[BodyModel],
        form: type,
        **more: Unpack[Options],
    ) -> Callable[[ReadBody[BodyModel | Form, Result]], ReadBody[BodyModel | Form, Result]]: ...

    def post(self, path: str, scope: str | None, **more: Any) -> Callable[[Any], Any]:
        return self._add("POST", path, scope, **more)

    def patch(
        self,
        path: str,
        scope: str | None,
        *,
        answer: Write[Result],
        body: type[BodyModel],
        **more: Unpack[Options],
    ) -> Callable[[ReadBody[BodyModel, Result]], ReadBody[BodyModel, Result]]:
        return self._add("PATCH", path, scope, answer=answer, body=body, **more)

    def delete(
        self,
        path: str,
        scope: str | None,
        *,
        answer: Write[Deleted] | None = None,
        **more: Unpack[Options],
    ) -> Callable[[Read[Deleted]], Read[Deleted]]:
        return self._add("DELETE", path, scope, answer=answer, **more)

    def _add(
        self, method: str, path: str, scope: str | None, **more: Any
    ) -> Callable[[Function], Function]:
        def add(read: Function) -> Function:
            route = Route(method=method, path=path, scope=scope, read=read, tag=self.tag, **more)
            self._routes.append(route)
            if route.is_synchronous:
                self._routes.append(route.waiting())
            return read

        return add
