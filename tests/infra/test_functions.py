from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from darkroom.settings import (
    IntakeSettings,
    RelaySettings,
    StatusSettings,
    SubmitSettings,
    SweeperSettings,
    WebhookSettings,
    WorkerSettings,
)
from infra import stack
from infra.bundling import SOURCE
from infra.functions import function_rows
from infra.local.synth import STANDING_ADDRESS, STANDING_CONTEXT

SETTINGS = {
    "submit": SubmitSettings,
    "status": StatusSettings,
    "worker": WorkerSettings,
    "sweeper": SweeperSettings,
    "relay": RelaySettings,
    "webhook": WebhookSettings,
    "intake": IntakeSettings,
}


def test_each_row_has_a_function_and_a_handler_module_of_its_name(template):
    assert template.functions().keys() == SETTINGS.keys()
    for name, function in template.functions().items():
        assert function["Handler"] == f"darkroom.handlers.{name}.handler"
        assert (SOURCE / "darkroom" / "handlers" / f"{name}.py").is_file()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_function_gets_exactly_the_variables_that_its_settings_name(
    template, local_template, name
):
    wanted = set(SETTINGS[name].environment_names())
    for each in (template, local_template):
        assert each.functions()[name]["Environment"]["Variables"].keys() == wanted


def test_functions_run_on_arm_with_the_python_that_the_bundle_is_built_for(template):
    for function in template.functions().values():
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.13"


def test_each_function_writes_to_a_log_group_of_its_own_that_forgets(template):
    groups = template.all("AWS::Logs::LogGroup")
    for name, function in template.functions().items():
        group = groups[function["LoggingConfig"]["LogGroup"]["Ref"]]
        assert group["LogGroupName"] == f"/aws/lambda/darkroom-prod-{name}"
    assert {group["RetentionInDays"] for group in groups.values()} == {30}


def test_api_functions_end_before_the_gateway_stops_waiting(template):
    for name in ("submit", "status"):
        assert template.functions()[name]["Timeout"] < 30


def test_a_lease_outlives_the_worker_that_holds_it(template):
    worker = template.functions()["worker"]
    assert int(worker["Environment"]["Variables"]["LEASE_SECONDS"]) > worker["Timeout"]


def test_concurrency_is_reserved_only_when_asked_for(template, local_template):
    reserved = {
        name: one.get("ReservedConcurrentExecutions") for name, one in template.functions().items()
    }
    assert reserved == dict.fromkeys(SETTINGS) | {"worker": 40, "submit": 30, "status": 30}
    for function in local_template.functions().values():
        assert "ReservedConcurrentExecutions" not in function


def test_a_setting_without_a_value_is_named(monkeypatch, make_template):
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Settings(SubmitSettings):
        colour: str

    def rows(options):
        return tuple(replace(row, settings=Settings) for row in function_rows(options))

    monkeypatch.setattr(stack, "function_rows", rows)
    with pytest.raises(stack.UnknownSettingError, match="submit wants COLOUR"):
        make_template()


def test_what_clients_are_told_of_is_where_they_reach_the_api(template, make_template):
    def addresses(made):
        variables = (one["Environment"]["Variables"] for one in made.functions().values())
        return [one["PUBLIC_URL"] for one in variables if "PUBLIC_URL" in one]

    for bundle in ("aws", "code"):
        made = make_template(public_url="https://images.example", bundle=bundle, observability=0)
        assert addresses(made) == ["https://images.example"] * 4
        for function in ("submit", "status"):
            variables = made.functions()[function]["Environment"]["Variables"]
            assert variables["FILES_URL"] == "https://images.example"
    # Its own, where no other is given.
    [api] = template.all("AWS::ApiGatewayV2::Api")
    assert addresses(template) == [{"Fn::GetAtt": [api, "ApiEndpoint"]}] * 4


def test_hosts_that_are_not_public_are_called_only_where_they_are_named(template, make_template):
    def named(made):
        return made.functions()["webhook"]["Environment"]["Variables"]["FETCH_FROM"]

    assert named(template) == ""
    assert named(make_template(**STANDING_CONTEXT)) == "localhost,127.0.0.1"


def test_on_this_machine_the_address_is_filled_in_when_the_port_is_open(make_template):
    made = make_template(**STANDING_CONTEXT)
    for name in ("submit", "worker", "relay", "intake"):
        variables = made.functions()[name]["Environment"]["Variables"]
        assert variables["PUBLIC_URL"] == STANDING_ADDRESS
