"""Whatever stands where a path has a name, the answer is the client's to mend, never a fault."""

import re
import time
from itertools import count

import pytest

from darkroom.dialects.registry import MOUNTED, NATIVE, dialect
from tests.integration.test_tenants import UNKNOWN

# A partition key of the table may have 2,048 bytes, a sort key 1,024.
SEGMENTS = {
    "too long for a key": "a" * 2047,
    "longer than any key": "x" * 9000,
    "long in bytes": "é" * 1500,
    "with the marks of our keys": "WS#acme",
    "of dots": "..",
    "of a null": "a%00b",
    "half a character": "\ud800",
    "an id in braces": "{" + UNKNOWN + "}",
    "an id with a urn": f"urn:uuid:{UNKNOWN}",
    "spaces": "a b",
}
_minutes = count(int(time.time()), 60)
PLACE = re.compile(r"\{(\w+)\}")
ROUTES = [
    ("" if spoken.name == "native" else f"/{spoken.name}", route)
    for spoken in (NATIVE, *map(dialect, MOUNTED))
    for route in spoken.routes
    if "{" in route.path
]


@pytest.fixture
def system(shared_system, monkeypatch):
    """Each test in a minute of its own, so that no limit of requests answers in its place."""
    minute = next(_minutes)
    monkeypatch.setattr("time.time", lambda: minute)
    return shared_system


def paths(route, segment):
    """Each place in its turn, with what may stand there in the others."""
    places = PLACE.findall(route.path)
    usual = dict.fromkeys(places, UNKNOWN) | {"workspace": "acme", "slot": "0"}
    for place in places:
        yield route.path.format(**usual | {place: segment})


@pytest.mark.parametrize("segment", SEGMENTS.values(), ids=SEGMENTS)
@pytest.mark.parametrize(
    ("mount", "route"),
    ROUTES,
    ids=[f"{route.method} {mount}{route.path}" for mount, route in ROUTES],
)
def test_no_path_is_a_fault(system, mount, route, segment):
    for path in paths(route, segment):
        answer = system.http(route.method, mount + path, {"prompt": "x"})
        assert answer.status in {400, 401, 404, 422}, answer.text


@pytest.mark.parametrize("segment", SEGMENTS.values(), ids=SEGMENTS)
def test_a_callback_that_cannot_be_one_costs_no_call(system, segment):
    before = sum(system.calls.values())
    for path in (
        f"/v1/callbacks/{segment}/{UNKNOWN}/0/{UNKNOWN}",
        f"/v1/callbacks/acme/{segment}/0/{UNKNOWN}",
        f"/v1/callbacks/acme/{UNKNOWN}/{segment}/{UNKNOWN}",
        f"/v1/callbacks/acme/{UNKNOWN}/0/{segment}",
    ):
        assert system.http("POST", path, {}, key="").status == 404
    assert sum(system.calls.values()) == before
