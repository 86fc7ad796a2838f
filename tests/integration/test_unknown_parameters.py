"""Natively a query parameter that an operation does not know is refused, on each of them."""

import re

import pytest

from darkroom.dialects.registry import NATIVE

ID = "01890000-0000-7000-8000-000000000000"
# What browsers, providers and probes ask, by addresses to which others add parameters of their own.
OPEN = {
    "GET /v1/files/{name}",
    "GET /v1/health",
    "GET /openapi.json",
    "GET /docs",
    "POST /v1/callbacks/{workspace}/{job}/{slot}/{token}",
}
OPERATIONS = {f"{route.method} {route.path}": route for route in NATIVE.routes}


@pytest.fixture(scope="module")
def system(shared_system):
    return shared_system


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - OPEN))
def test_an_unknown_query_parameter_is_refused_by_name(system, name):
    route = OPERATIONS[name]
    path = re.sub(r"{\w+}", ID, route.path)
    system.calls.clear()
    answer = system.http(route.method, path, {"prompt": "x"}, query={"colour": "red"})
    assert (answer.status, answer.json["code"]) == (400, "colour.unknown_field"), name
    assert answer.json["field"] == "colour"
    assert set(system.calls) <= {"GetItem", "GetSecretValue"}, "only the key was looked up"


def test_those_that_are_open_to_all_are_named_here():
    assert OPERATIONS.keys() >= OPEN
    assert all(OPERATIONS[name].scope is None for name in OPEN)
