"""What the fuzzing takes for a fault: each kind of it is planted here once."""

import json

import pytest
import requests
from schemathesis import Response

from docs.openapi import every
from tests.fuzz.cases import AIMED, FOREIGN, NEGATIVE, POSITIVE, VARIED, cases_of, operations_of
from tests.fuzz.judging import Asked, problems
from tests.fuzz.people import Person
from tests.fuzz.places import kinds_of_path, with_ids

OTHERS = "019aa6c5-4c00-7a31-9d0e-5b7c1f2e3aff"
KINDS = ("job", "canceled", "caption", "media", "upload", "collection", "webhook", "delivery")


@pytest.fixture(scope="module")
def document():
    return every.document_of("qolaba")


@pytest.fixture(scope="module")
def operation(document):
    return next(one for one in operations_of(document) if one.path == "/api/v1/tasks/{id}")


@pytest.fixture
def asked(operation):
    _, case = next(iter(cases_of(operation, 1, seed=1)))
    other = Person(local=None, workspace="ben", keys=[], owns=dict.fromkeys(KINDS, OTHERS))
    return lambda **more: Asked(
        **{"case": case, "other": other, "is_foreign": False, "has_key": True, **more}
    )


def answer(document, status=200, kind="application/json", **changes):
    """As the document's own example has it, but for the changes."""
    get = document["paths"]["/api/v1/tasks/{id}"]["get"]
    body = {**get["responses"]["200"]["content"]["application/json"]["example"], **changes}
    always = {name: ["1"] for name in (*document["components"]["headers"], "darkroom-job")}
    return Response(
        status_code=status,
        headers={**always, "content-type": [kind]},
        content=json.dumps(body).encode(),
        request=requests.Request("GET", "http://localhost/").prepare(),
        elapsed=0.1,
        verify=False,
    )


def test_what_is_as_described_is_no_fault(document, asked):
    assert list(problems(asked(), answer(document))) == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"status": 500}, "Server error"),
        ({"status": 418}, "Undocumented status code"),
        ({"kind": "text/html"}, "Undocumented Content-Type"),
        ({"surplus": 1}, "Response violates schema"),
        ({"type": "video"}, "Response violates schema"),
        ({"error": OTHERS}, "ids of another workspace are told"),
    ],
)
def test_what_is_not_as_described_is_found(document, asked, wrong, found):
    told = list(problems(asked(), answer(document, **wrong)))
    assert any(one.startswith(found) for one in told), told


def test_a_header_that_is_missing_is_found(document, asked):
    bare = answer(document)
    bare.headers = {"content-type": ["application/json"]}
    assert any("eaders" in one for one in problems(asked(), bare))


def test_what_is_served_of_another_workspace_is_found(document, asked):
    told = problems(asked(is_foreign=True), answer(document))
    assert list(told) == ["something of another workspace was served"]


def test_what_is_served_without_a_key_is_found(document, asked):
    [told] = problems(asked(has_key=False), answer(document))
    assert told.startswith("without a key")


def test_the_same_seed_makes_the_same_cases_and_another_one_others(operation):
    def drawn(seed):
        return [(turn, case.path_parameters) for turn, case in cases_of(operation, 40, seed)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert {turn for turn, _ in drawn(1)} == {AIMED, FOREIGN, POSITIVE, NEGATIVE, VARIED}


@pytest.mark.parametrize("name", every.NAMES)
def test_every_id_of_a_path_is_known_for_what_it_is(name):
    for path in every.document_of(name)["paths"] | every.internal_paths_of(name):
        if "{" in path and "/models/" not in path and "/schemas/" not in path:
            assert kinds_of_path(path), path


def test_ids_take_their_places_within_a_body():
    body = {"references": [{"media": "x"}], "caption": {"id": "y"}, "id": "z", "prompt": "p"}
    assert with_ids(body, str.upper) == (
        {
            "references": [{"media": "MEDIA"}],
            "caption": {"id": "CAPTION"},
            "id": "z",
            "prompt": "p",
        },
        2,
    )
