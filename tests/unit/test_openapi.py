"""The descriptions of the dialects: current, true to the code, and served where they belong."""

import gzip
import json
import re
from dataclasses import replace
from itertools import combinations

import jsonschema
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from darkroom.bootstrap.descriptions import show_description
from darkroom.dialects import registry
from darkroom.dialects.headers import api_key_or_bearer, bearer
from darkroom.dialects.routes import Routes
from darkroom.domain.operations import CheckHealth
from docs.openapi import every
from docs.openapi.building import Undescribed, Untrue, document
from docs.openapi.trying import submits_of, tries
from tests.contexts import context_of, request

NAMES = pytest.mark.parametrize("name", every.NAMES)
# Answered, and nobody's to call who reads a description.
INTERNAL = {"native": {("POST", "/v1/callbacks/{workspace}/{job}/{slot}/{token}")}}
# Ways to send a key.
SCHEMES = {bearer: 1, api_key_or_bearer: 2}


@pytest.fixture(scope="module")
def documents():
    return {name: every.document_of(name) for name in every.NAMES}


@pytest.fixture(scope="module")
def files():
    return every.files()


def validator(built, schema):
    return jsonschema.Draft202012Validator(
        {**schema, "components": built["components"]},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def operations(built):
    return [one for methods in built["paths"].values() for one in methods.values()]


def found(built, reference):
    part = built
    for step in reference.removeprefix("#/").split("/"):
        part = part[step]
    return part


def answers(built, operation):
    for status, response in operation["responses"].items():
        if "$ref" in response:
            name = response["$ref"].rpartition("/")[2]
            yield status, built["components"]["responses"][name]
        else:
            yield status, response


def show(path, host="darkroom.test", method="GET", **more):
    dialect, local = registry.choose(request(path, host, method, **more))
    route, _ = dialect.match(local)
    context = replace(context_of(dialect.name), request=local)
    return route.response(show_description(dialect.read(route, context)), context)


def test_what_is_committed_is_what_the_code_says_now(files):
    assert {path.name for path in every.FOLDER.iterdir()} == files.keys()
    stale = [name for name, text in files.items() if (every.FOLDER / name).read_text() != text]
    assert stale == [], "make docs writes them anew"


@NAMES
def test_each_route_is_described_with_its_method_and_its_scope(documents, name):
    built = documents[name]
    described = {
        (method.upper(), path): operation["security"]
        for path, methods in built["paths"].items()
        for method, operation in methods.items()
    }
    spoken = every.spoken(name)
    routes = {(route.method, spoken.path_of(route)): route.scope for route in spoken.routes}
    for internal in INTERNAL.get(name, ()):
        assert routes.pop(internal) is None  # the token in its path is the credential
    assert described.keys() == routes.keys()
    for key, scope in routes.items():
        assert len(described[key]) == (SCHEMES[spoken.credential] if scope else 0)
        assert all(scopes == [scope] for one in described[key] for scopes in one.values())
    sent = [methods["post"] for methods in built.get("webhooks", {}).values()]
    names = [operation["operationId"] for operation in (*operations(built), *sent)]
    assert len(set(names)) == len(names)


@NAMES
def test_what_is_internal_is_described_all_the_same_for_those_who_try_everything(name):
    paths = every.internal_paths_of(name)
    found = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert found == INTERNAL.get(name, set())


@NAMES
def test_every_state_of_everything_fits_its_schema(name):
    built, all_tries = every.document_of(name), tries(every.spoken(name))
    count = 0
    for one in all_tries:
        methods = built["paths"].get(one.dialect.path_of(one.route), {})
        for response in one.responses(submits_of(all_tries)):
            described = methods.get(one.route.method.lower(), {"responses": {}})["responses"]
            content = described.get(str(response.status), {}).get("content", {})
            for kind, how in content.items():
                if kind.endswith("json"):
                    validator(built, how["schema"]).validate(json.loads(response.body))
                    count += 1
    assert count >= len(all_tries)


@NAMES
def test_every_error_fits_the_dialects_own_shape(documents, name):
    built = documents[name]
    told = 0
    for response in built["components"]["responses"].values():
        for content in response["content"].values():
            for example in content["examples"].values():
                validator(built, content["schema"]).validate(example["value"])
                told += 1
    assert told >= 9


@NAMES
def test_all_errors_are_of_one_named_schema(documents, name):
    built = documents[name]
    schemas = {
        json.dumps(content["schema"])
        for response in built["components"]["responses"].values()
        for content in response["content"].values()
    }
    assert len(schemas) == 1
    assert re.fullmatch(r'{"\$ref": "#/components/schemas/(Problem|Error)"}', schemas.pop())


@NAMES
def test_each_operation_names_its_own_among_the_shared_errors(documents, name):
    built = documents[name]
    unnamed = {
        (status, example)
        for status, examples in shared_examples(built).items()
        for example in examples
    }
    for operation in operations(built):
        referred = {
            status for status, response in operation["responses"].items() if "$ref" in response
        }
        assert operation["x-refusals"].keys() == referred
        for status, names in operation["x-refusals"].items():
            assert names
            assert set(names) <= shared_examples(built)[status]
            unnamed -= {(status, example) for example in names}
    assert unnamed == set()


def shared_examples(built):
    return {
        status: set(next(iter(response["content"].values()))["examples"])
        for operation in operations(built)
        for status, response in answers(built, operation)
        if status in operation["x-refusals"]
    }


def test_a_problem_tells_the_status_that_it_is_answered_with(documents):
    told = 0
    for operation in operations(documents["native"]):
        for status, response in answers(documents["native"], operation):
            problem = response.get("content", {}).get("application/problem+json", {})
            for example in problem.get("examples", {}).values():
                assert example["value"]["status"] == int(status)
                told += 1
    assert told > 100


def parts(value):
    """Every schema within."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from parts(inner)


@NAMES
def test_generated_clients_find_a_name_for_each_of_several_objects(documents, name):
    choices = [
        choice
        for part in parts(documents[name])
        for key in ("oneOf", "anyOf")
        for choice in part.get(key, ())
    ]
    assert [one for one in choices if one.get("type") == "object"] == []


@NAMES
def test_no_boolean_is_a_const(documents, name):
    assert [one for one in parts(documents[name]) if isinstance(one.get("const"), bool)] == []


def told_apart(one, other):
    """By a field that both have to have, each with words of its own."""
    for field in set(one["required"]) & set(other["required"]):
        words = [
            set(schema.get("enum", [schema.get("const", schema.get("type"))]))
            for schema in (one["properties"][field], other["properties"][field])
        ]
        if words[0].isdisjoint(words[1]):
            return True
    return False


@NAMES
def test_of_several_objects_those_that_say_more_come_first(documents, name):
    """Generated clients take the first that has all it needs, whatever there is besides."""
    schemas = documents[name]["components"]["schemas"]
    for part in parts(documents[name]):
        named = [one["$ref"].rpartition("/")[2] for one in part.get("anyOf", ()) if "$ref" in one]
        for first, second in combinations(named, 2):
            one, other = schemas[first], schemas[second]
            hides = set(one["required"]) <= set(other["required"])
            assert not hides or told_apart(one, other), (first, second)


@NAMES
def test_every_example_of_a_body_fits_its_schema(documents, name):
    built = documents[name]
    for operation in operations(built):
        for sent in operation.get("requestBody", {}).get("content", {}).values():
            validator(built, sent["schema"]).validate(sent["example"])


def closed(schema):
    if isinstance(schema, list):
        return all(map(closed, schema))
    if not isinstance(schema, dict):
        return True
    if "properties" in schema and isinstance(schema["properties"], dict):
        is_named = schema.get("additionalProperties") is False
        return is_named and all(map(closed, schema["properties"].values()))
    return all(map(closed, schema.values()))


@NAMES
def test_no_answer_may_have_a_field_that_is_not_described(documents, name):
    built = documents[name]
    # Of events tests/unit/test_event_schemas.py sees to it.
    answered = {
        name: schema
        for name, schema in built["components"]["schemas"].items()
        if not name.endswith("Event")
    }
    assert closed(answered)
    for path, methods in built["paths"].items():
        for operation in methods.values():
            for _, response in answers(built, operation):
                for content in response.get("content", {}).values():
                    # Schemas as answers may say anything.
                    is_open = path == "/openapi.json" or "/schemas" in path
                    assert is_open or closed(content["schema"]), path


@NAMES
def test_every_answer_has_the_limits_and_the_requests_id(documents, name):
    built = documents[name]
    always = set(built["components"]["headers"])
    assert "x-request-id" in always
    assert len(always) >= 3
    for operation in operations(built):
        for status, response in answers(built, operation):
            assert always <= set(response["headers"]), (operation["operationId"], status)


@NAMES
def test_the_document_is_an_openapi_document(documents, name):
    built = documents[name]
    errors = [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(built)]
    assert errors == []
    places = set(re.findall(r'"\$ref":"(#/[^"]*)"', every.as_json(built)))
    assert all(found(built, place) for place in places)
    assert places
    for path, methods in built["paths"].items():
        for operation in methods.values():
            named = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))


def with_route(**more):
    """Qolaba with one route more."""
    routes = Routes("more")

    def answer() -> dict[str, str]:
        return {"status": "ok"}

    def check_more():
        return CheckHealth()

    check_more.__doc__ = more.pop("text", "Check more")
    routes.get("/more", None, **{"answer": answer, **more})(check_more)
    spoken = every.spoken("qolaba")
    return replace(spoken, sections=(*spoken.sections, routes))


def test_a_new_route_is_described_by_what_it_declares():
    described = document(with_route())["paths"]["/more"]["get"]
    assert (described["operationId"], described["summary"]) == ("checkMore", "Check more")
    assert described["responses"]["200"]["content"]["application/json"]["example"] == {
        "status": "ok"
    }


def test_a_route_without_a_title_is_an_error():
    with pytest.raises(Undescribed, match="GET /more"):
        document(with_route(text=""))


def test_an_answer_of_another_type_than_declared_is_an_error():
    def answer() -> dict[str, int]:
        return {"status": "ok"}

    with pytest.raises(Untrue, match="checkMore answers"):
        document(with_route(answer=answer))


@NAMES
def test_every_field_and_every_parameter_is_described(documents, name):
    undescribed = [
        f"{where}.{field}"
        for where, schema in documents[name]["components"]["schemas"].items()
        for field, one in schema.get("properties", {}).items()
        if "description" not in one
    ]
    for operation in operations(documents[name]):
        undescribed += [
            f"{operation['operationId']}.{one['name']}"
            for one in operation.get("parameters", ())
            if not one.get("description")
        ]
        for sent in operation.get("requestBody", {}).get("content", {}).values():
            undescribed += [
                f"{operation['operationId']}.{field}"
                for field, one in sent["schema"]["properties"].items()
                if "description" not in one
            ]
    assert undescribed == []


@pytest.mark.parametrize(
    ("path", "host", "server"),
    [
        ("/openapi.json", "darkroom.test", "https://darkroom.test"),
        ("/supapost/openapi.json", "darkroom.test:8700", "https://darkroom.test:8700/supapost"),
        ("/openapi.json", "supapost.localhost:8700", "https://supapost.localhost:8700"),
        ("/qolaba/openapi.json", "darkroom.test", "https://darkroom.test/qolaba"),
    ],
)
def test_the_document_names_the_address_that_it_is_served_at(path, host, server):
    answer = show(path, host)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert json.loads(answer.body)["servers"] == [{"url": server}]
    assert "darkroom.example" not in answer.body


@pytest.mark.parametrize("name", every.NAMES)
def test_the_page_loads_nothing_from_elsewhere_and_lists_every_operation(documents, name):
    path = "/docs" if name == "native" else f"/{name}/docs"
    answer = show(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "script-src 'sha256-" in policy
    assert "connect-src 'self'" in policy
    for tag in ("<script ", "<link", "<img", "src=", "url(", "@import", "style=", "innerHTML"):
        assert tag not in answer.body
    assert answer.body.count("<script>") == 1
    for operation in operations(documents[name]):
        assert answer.body.count(f'<section id="{operation["operationId"]}" ') == 1
    assert answer.body.count("<pre>curl ") == len(operations(documents[name]))
    assert answer.body.count("data-url") == len(operations(documents[name])) + 1


def test_the_native_page_leads_to_those_of_the_others():
    body = show("/docs").body
    links = [f'<a href="https://darkroom.test/{name}/docs">' for name in registry.MOUNTED]
    assert [link for link in links if link not in body] == []


def test_each_page_leads_back_to_the_native_one():
    for name in registry.MOUNTED:
        assert '<a href="https://darkroom.test/docs">' in show(f"/{name}/docs").body


def test_a_page_is_found_with_a_slash_at_its_end_too():
    assert show("/docs/").body == show("/docs").body
    assert show("/supapost/docs/").body == show("/supapost/docs").body


def test_a_page_is_compressed_and_sent_once():
    answer = show("/docs", headers={"accept-encoding": "br, gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body).decode() == show("/docs").body
    assert len(answer.body) < 64 * 1024
    again = show("/docs", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, "")
    # Another address is another text.
    assert show("/docs", "other.test").headers["etag"] != answer.headers["etag"]
