"""The operator says which model stands in for a public name that no provider here makes."""

import importlib
import json

import pytest

from tests.integration.conftest import Operator
from tests.integration.dialect_bodies import nobody_waits, opened, sent

DALNULLA = ("dalnulla", "POST", "/api/v1/generate-image")
V7 = {"prompt": "a pier", "model": "midjourney-v7"}


@pytest.fixture
def deployed(system, monkeypatch):
    """A deployment with keys of Black Forest Labs, and without the painter's help."""

    def started(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        for name in ("submit", "status", "worker"):
            system.handlers[name] = importlib.reload(system.handlers[name])
        if not rich:
            rich.append(opened(system))
        return rich[0]

    rich = []
    nobody_waits(monkeypatch)
    return lambda **more: started(**{"PROVIDERS": "bfl", "STAND_IN": ""} | more)


@pytest.fixture
def type_(system):
    operator = Operator()

    def typed(*words):
        found = operator.type(*words)
        assert operator.last.exit_code == 0, operator.last.stderr
        return found

    typed.refused = operator.refused
    return typed


def catalogue_row(system, name):
    return system.http("GET", f"/v1/models/{name}").json


def test_without_an_alias_the_name_is_refused_with_the_reason(deployed):
    answer = sent(deployed(), DALNULLA, V7)
    assert answer.status == 400
    assert "Midjourney has no API" in answer.json["error"]


@pytest.mark.parametrize("scope", [(), ("--workspace", "rich")], ids=["deployment", "workspace"])
def test_an_alias_makes_the_name_work_and_says_so(deployed, type_, scope):
    system = deployed()
    type_("models", "alias", "midjourney-v7", "flux-2-pro", *scope)
    answer = sent(system, DALNULLA, V7)
    assert answer.status == 202, answer.text
    assert answer.headers["x-darkroom-served-by"] == "flux-2-pro"
    assert answer.json["provider"] == "midjourney"
    read = system.http("GET", f"/v1/jobs/{answer.json['jobId']}")
    assert (read.json["model"], read.json["served_by"]) == ("midjourney-v7", "flux-2-pro")
    assert read.headers["x-darkroom-served-by"] == "flux-2-pro"
    # The price is that of the public name in this dialect.
    assert read.json["credits"]["price"] == 20
    row = catalogue_row(system, "midjourney-v7")
    assert (row["available"], row["served_by"], row["price"]) == (True, "flux-2-pro", 10)
    assert row["providers"] == ["bfl"]
    [listed] = [
        model
        for model in system.http("GET", "/v1/models").json["models"]
        if model["name"] == "midjourney-v7"
    ]
    assert listed == row
    # The others stay as they were.
    assert not catalogue_row(system, "midjourney-v6-1")["available"]


def test_an_alias_of_a_workspace_is_no_other_workspaces_and_goes_before_the_deployments(
    deployed, type_
):
    rich = deployed()
    other = opened(rich, "other")
    type_("models", "alias", "midjourney-v7", "flux-2-max", "--workspace", "rich")
    assert sent(other, DALNULLA, V7, workspace="other").status == 400
    type_("models", "alias", "midjourney-v7", "flux-2-pro")
    rich = deployed()  # within a minute it is known; a new process knows it at once
    assert sent(rich, DALNULLA, V7).headers["x-darkroom-served-by"] == "flux-2-max"
    served = sent(other, DALNULLA, V7, workspace="other").headers["x-darkroom-served-by"]
    assert served == "flux-2-pro"


def test_an_option_that_the_stand_in_does_not_take_is_refused(deployed, type_):
    system = deployed()
    type_("models", "alias", "midjourney-v7", "flux-2-pro")
    assert sent(system, DALNULLA, V7 | {"negativePrompt": "rain"}).status == 202
    body = {"prompt": "a pier", "model": "midjourney-v7", "steps": 20}
    answer = system.http("POST", "/v1/jobs", body)
    assert (answer.status, answer.json["code"]) == (400, "steps.unsupported")
    assert answer.json["detail"] == "midjourney-v7 does not take steps."


def test_a_name_that_a_provider_makes_is_not_replaced(deployed, type_):
    system = deployed()
    type_("models", "alias", "flux-2-pro", "flux-2-max")
    assert "no effect" not in type_.refused("models", "alias", "flux-2-pro", "flux-2-pro")
    answer = sent(system, DALNULLA, V7 | {"model": "flux-2-pro"})
    assert answer.status == 202
    assert "x-darkroom-served-by" not in answer.headers
    assert "served_by" not in catalogue_row(system, "flux-2-pro")


def test_aliases_are_listed_and_ended(deployed, type_):
    system = deployed()
    type_("models", "alias", "midjourney-v7", "flux-2-pro")
    type_("models", "alias", "midjourney-v6-1", "flux-2-pro")
    type_("models", "alias", "midjourney-v7", "flux-2-max", "--workspace", "rich")
    everywhere = {"workspace": None, "model": "flux-2-pro"}
    assert type_("models", "aliases") == [
        {"alias": "midjourney-v6-1", **everywhere},
        {"alias": "midjourney-v7", **everywhere},
    ]
    own = {"alias": "midjourney-v7", "model": "flux-2-max", "workspace": "rich"}
    assert type_("models", "aliases", "--workspace", "rich") == [own]
    job = sent(system, DALNULLA, V7).json["jobId"]
    type_("models", "unalias", "midjourney-v7", "--workspace", "rich")
    type_("models", "unalias", "midjourney-v7")
    assert sent(deployed(), DALNULLA, V7).status == 400
    # What was accepted keeps its model.
    assert system.http("GET", f"/v1/jobs/{job}").json["served_by"] == "flux-2-max"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("alias", "nothing", "flux-2-pro"), "There is no model nothing."),
        (("alias", "midjourney-v7", "nothing"), "There is no model nothing."),
        (("alias", "midjourney-v7", "midjourney-v6-1"), "midjourney-v6-1 cannot stand in"),
        (("alias", "midjourney-v7", "midjourney-v7"), "are the same model"),
        (("alias", "midjourney-v7", "flux-2-pro", "--workspace", "none"), "no such workspace"),
        (("unalias", "midjourney-v7"), "There is no such alias."),
    ],
)
def test_an_alias_that_cannot_be_is_refused_in_a_sentence(type_, words, sentence):
    assert sentence in type_.refused("models", *words)


def test_the_painter_makes_it_where_it_stands_in_for_all_and_the_alias_is_told(deployed, type_):
    system = deployed(PROVIDERS="", STAND_IN="1")
    answer = sent(system, DALNULLA, V7)
    assert answer.headers["x-darkroom-stand-in"] == "painter"
    assert "x-darkroom-served-by" not in answer.headers
    type_("models", "alias", "midjourney-v7", "flux-2-pro")
    answer = sent(deployed(PROVIDERS="", STAND_IN="1"), DALNULLA, V7)
    assert answer.headers["x-darkroom-served-by"] == "flux-2-pro"
    assert answer.headers["x-darkroom-stand-in"] == "painter"
    system.work()
    read = system.http("GET", f"/v1/jobs/{answer.json['jobId']}").json
    assert (read["status"], read["images"][0]["stand_in"]) == ("completed", True)


def test_an_alias_costs_no_call_but_one_look_a_minute(deployed, type_):
    system = deployed()
    type_("models", "alias", "midjourney-v7", "flux-2-pro")
    sent(system, DALNULLA, V7)
    system.calls.clear()
    sent(system, DALNULLA, V7)
    sent(system, DALNULLA, V7 | {"model": "flux-2-pro"})
    assert dict(system.calls) == {"UpdateItem": 2, "TransactWriteItems": 2, "SendMessageBatch": 2}


def test_a_job_of_an_alias_is_asked_of_the_stand_ins_providers(deployed, type_):
    system = deployed()
    type_("models", "alias", "midjourney-v7", "flux-2-pro")
    job = sent(system, DALNULLA, V7).json["jobId"]
    system.work()
    attempts = system.http("GET", f"/v1/jobs/{job}").json["images"][0]["attempts"]
    # No key is kept here, so that the try is told, and no image is made.
    assert {attempt["provider"] for attempt in attempts} == {"bfl"}, json.dumps(attempts)
