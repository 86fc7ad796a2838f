import re

import pytest

from darkroom.dialects.dialect import Dialect
from darkroom.dialects.native import API
from darkroom.dialects.refusals import Errors
from darkroom.dialects.registry import MOUNTED, NATIVE, choose, dialect
from darkroom.domain import errors
from darkroom.domain.api_key import SCOPES
from tests.contexts import request

VENDOR = Dialect(
    name="vendor",
    title="A vendor",
    description="",
    credential=lambda _: None,
    errors=Errors(),
    error=lambda _: {},
    limits=lambda _: {},
)


@pytest.mark.parametrize(
    ("host", "path", "dialect", "local"),
    [
        ("darkroom.test", "/v1/jobs", "native", "/v1/jobs"),
        ("darkroom.test", "/vendor/api/x", "vendor", "/api/x"),
        ("darkroom.test", "/vendor", "vendor", "/"),
        ("darkroom.test", "/vendor//api/x/", "vendor", "/api/x"),
        ("vendor.example.com", "/", "vendor", "/"),
        ("darkroom.test", "/vendors/api", "native", "/vendors/api"),
        ("vendor.example.com", "/api/x", "vendor", "/api/x"),
        ("vendor.localhost:8700", "/vendor/x", "vendor", "/vendor/x"),
        ("example.vendor.com", "/api/x", "native", "/api/x"),
        ("vendor.example.com", "/v1/files/a.webp", "native", "/v1/files/a.webp"),
    ],
)
def test_the_host_or_the_first_segment_names_the_dialect(host, path, dialect, local):
    chosen, rest = choose(request(path, host), ("vendor",), lambda _: VENDOR)
    assert (chosen.name, rest.path) == (dialect, local)


def at_root():
    """Each vendor's paths, with an id in every place, by the dialects that have them."""
    owners = {}
    for name in MOUNTED:
        for route in dialect(name).routes:
            path = re.sub(r"{\w+}", "01890000-0000-7000-8000-000000000000", route.path)
            owners.setdefault(
                path, [name for name in MOUNTED if dialect(name).has_path(request(path))]
            )
    return owners


def test_a_path_at_the_root_is_natives_or_that_of_the_one_dialect_that_documents_it():
    chosen = {path: choose(request(path))[0].name for path in at_root()}
    for path, owners in at_root().items():
        is_native = NATIVE.has_path(request(path))
        expected = owners[0] if len(owners) == 1 and not is_native else "native"
        assert chosen[path] == expected, path
    assert {*chosen.values()} == {"native", *MOUNTED}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/images/generations/01890000-0000-7000-8000-000000000000", "powerpost"),
        ("/api/v1/content/generations/01890000-0000-7000-8000-000000000000", "powerpost"),
        ("/api/v1/tasks/task_1705312200000_abc123", "qolaba"),
        ("/api/v1/images/generate", "native"),  # two have it
        ("/v1/media", "native"),  # it is native's, too
        ("/v1/ai/generate-image", "posteverywhere"),
        ("/nothing/of/ours", "native"),
    ],
)
def test_whose_a_path_at_the_root_is(path, name):
    assert choose(request(path))[0].name == name


def test_every_route_that_asks_for_a_key_asks_for_a_known_scope():
    for route in NATIVE.routes:
        assert route.scope is None or route.scope in SCOPES


def test_only_files_news_descriptions_and_health_are_open():
    assert {route.path for route in NATIVE.routes if route.scope is None} == {
        "/v1/files/{name}",
        "/v1/health",
        "/v1/callbacks/{workspace}/{job}/{slot}/{token}",
        "/v1/events/schemas",
        "/v1/events/schemas/{name}/{version}",
        "/openapi.json",
        "/docs",
    }


def concrete(kind=errors.DarkroomError):
    for child in kind.__subclasses__():
        yield child
        yield from concrete(child)


EXAMPLES = {
    errors.InvalidRequest: (errors.InvalidRequest("n", "out_of_range", "n"), 400, "n.out_of_range"),
    errors.UnknownReference: (
        errors.UnknownReference("references.0.media"),
        400,
        "references.media.not_found",
    ),
    errors.TooLarge: (errors.TooLarge(5), 413, "body.too_large"),
    errors.Unauthenticated: (errors.Unauthenticated("missing", "m"), 401, "key.missing"),
    errors.Forbidden: (errors.Forbidden("read"), 403, "key.lacks_scope"),
    errors.TierRequired: (errors.TierRequired("m", "Pro"), 403, "model.tier_required"),
    errors.WrongWorkspace: (errors.WrongWorkspace(), 403, "workspace.not_yours"),
    errors.WorkspaceSuspended: (errors.WorkspaceSuspended(), 403, "workspace.suspended"),
    errors.NotReady: (errors.NotReady("media", "processing"), 409, "media.not_ready"),
    errors.NotFound: (errors.NotFound("job"), 404, "job.not_found"),
    errors.MethodNotAllowed: (errors.MethodNotAllowed(("GET",)), 405, "method.not_allowed"),
    errors.IdempotencyKeyReused: (errors.IdempotencyKeyReused(), 422, "idempotency_key.reused"),
    errors.AlreadyFinished: (errors.AlreadyFinished("failed"), 409, "job.finished"),
    errors.InsufficientCredits: (errors.InsufficientCredits(5, 3), 402, "credits.insufficient"),
    errors.RateLimited: (errors.RateLimited(60, 9), 429, "rate.limited"),
    errors.TooManyInFlight: (errors.TooManyInFlight(5), 429, "images.too_many_in_flight"),
    errors.StorageFull: (errors.StorageFull(5, 4), 409, "storage.full"),
    errors.TooManyToday: (
        errors.TooManyToday("uploads", 5, 60),
        429,
        "uploads.too_many_today",
    ),
    errors.Unavailable: (errors.Unavailable(), 503, "service.unavailable"),
    errors.OutcomeUnknown: (errors.OutcomeUnknown("j"), 503, "job.outcome_unknown"),
    errors.StillMaking: (errors.StillMaking("j"), 503, "job.unfinished"),
}


@pytest.mark.parametrize("kind", list(concrete()))
def test_every_error_of_the_tree_has_its_problem(kind):
    error, status, code = EXAMPLES[kind]
    answer = API.refuse(error, request())
    assert answer.status == status
    assert f'"code":"{code}"' in answer.body
    assert '"request_id":"r1"' in answer.body


def test_a_caller_who_comes_too_often_is_told_when_to_return():
    assert API.refuse(errors.RateLimited(60, 9), request()).headers["retry-after"] == "9"


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "a\u2028b"])
def test_a_path_with_a_line_break_is_nobodys(name):
    assert NATIVE.match(request("/v1/models/a b"))[0].path == "/v1/models/{name}"
    with pytest.raises(errors.NotFound):
        NATIVE.match(request(f"/v1/models/{name}"))
