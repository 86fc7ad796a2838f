from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace

import pytest

from darkroom.settings import StatusSettings, SubmitSettings, SweeperSettings, WorkerSettings
from infra import stack
from infra.bundling import SOURCE
from infra.functions import function_rows

SETTINGS = {
    "submit": SubmitSettings,
    "status": StatusSettings,
    "worker": WorkerSettings,
    "sweeper": SweeperSettings,
}

# All that each role may do, and on what. `*` is X-Ray, which knows no resources.
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
MAY = {
    "submit": {
        "Jobs": {
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
        },
        "Images/uploads/*": {"s3:PutObject", "s3:GetObject"},
        "Images/*": {"s3:DeleteObject"},
        "ImagesToMakeQueue": {"sqs:SendMessage"},
        "SigningSecret": {"secretsmanager:GetSecretValue"},
        "submitlogs": LOGS,
        "*": TRACES,
    },
    "status": {
        "Jobs": {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"},
        "Images/*": {"s3:GetObject"},
        "SigningSecret": {"secretsmanager:GetSecretValue"},
        "statuslogs": LOGS,
        "*": TRACES,
    },
    "worker": {
        "Jobs": {
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        },
        "Images/*": {"s3:PutObject", "s3:GetObject", "s3:DeleteObject"},
        "ImagesToMakeQueue": {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ChangeMessageVisibility",
            "sqs:SendMessage",
        },
        "workerlogs": LOGS,
        "*": TRACES,
    },
    "sweeper": {
        "Jobs": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "Jobs/index/due": {"dynamodb:Query"},
        "Images/*": {"s3:DeleteObject"},
        "ImagesToMakeQueue": {"sqs:SendMessage"},
        "ImagesToMakeDeadLetters": {"sqs:ReceiveMessage", "sqs:DeleteMessage"},
        "sweeperlogs": LOGS,
        "*": TRACES,
    },
}


def listed(value):
    return value if isinstance(value, list) else [value]


def in_words(resource) -> str:
    """A resource of a policy by the name of its construct, without the hash of its logical id."""
    if isinstance(resource, str):
        return resource
    if "Fn::Join" in resource:
        separator, parts = resource["Fn::Join"]
        return separator.join(in_words(part) for part in parts)
    [target] = resource.values()
    return re.sub(r"[0-9A-F]{8}$", "", listed(target)[0])


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


@pytest.mark.parametrize("name", MAY)
def test_a_role_may_do_what_is_written_here_and_nothing_more(template, name):
    role = template.functions()[name]["Role"]["Fn::GetAtt"][0]
    may = defaultdict(set)
    for policy in template.all("AWS::IAM::Policy").values():
        if {"Ref": role} not in policy["Roles"]:
            continue
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for resource in listed(statement["Resource"]):
                may[in_words(resource)] |= set(listed(statement["Action"]))
    assert may == MAY[name]


def test_roles_have_no_other_policies_and_only_lambda_takes_them(template):
    roles = template.all("AWS::IAM::Role")
    assert len(roles) == len(MAY)
    for role in roles.values():
        assert "ManagedPolicyArns" not in role
        assert "Policies" not in role
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_status_holds_no_right_to_write():
    actions = {action for granted in MAY["status"].values() for action in granted}
    verbs = {action.split(":")[1] for action in actions - LOGS - TRACES}
    assert verbs == {"GetItem", "BatchGetItem", "Query", "GetObject", "GetSecretValue"}


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


def test_the_queue_feeds_the_worker_one_image_at_a_time(template):
    mapping = template.only("AWS::Lambda::EventSourceMapping")
    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 20}


def test_concurrency_is_reserved_for_the_worker_and_only_when_asked_for(template, local_template):
    reserved = {
        name: one.get("ReservedConcurrentExecutions") for name, one in template.functions().items()
    }
    assert reserved == {"submit": None, "status": None, "worker": 40, "sweeper": None}
    assert "ReservedConcurrentExecutions" not in local_template.functions()["worker"]


def test_a_setting_without_a_value_is_named(monkeypatch, make_template):
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Settings(SubmitSettings):
        colour: str

    def rows(options):
        return tuple(replace(row, settings=Settings) for row in function_rows(options))

    monkeypatch.setattr(stack, "function_rows", rows)
    with pytest.raises(stack.UnknownSettingError, match="submit wants COLOUR"):
        make_template()


def test_a_writers_key_is_read_by_the_worker_alone(make_template):
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:writer-abc"
    template = make_template(
        bundle="code",
        writer_url="https://chat.example.com/v1",
        writer_model="m",
        writer_secret=secret,
    )
    readers = [
        name
        for name, policy in template.all("AWS::IAM::Policy").items()
        if secret in json.dumps(policy)
    ]
    assert [name.startswith("worker") for name in readers] == [True]


def test_the_keys_of_the_providers_that_are_named_are_read_by_the_worker_alone(make_template):
    template = make_template(bundle="code", providers="openai,fal")
    readers = {
        name: json.dumps(policy)
        for name, policy in template.all("AWS::IAM::Policy").items()
        if "darkroom/" in json.dumps(policy)
    }
    [(name, policy)] = readers.items()
    assert name.startswith("worker")
    assert "secret:darkroom/dev/openai-??????" in policy
    assert "secret:darkroom/dev/fal-??????" in policy
    assert template.body["Outputs"]["Providers"]["Value"] == "painter,openai,fal"
    for function in ("submit", "status", "worker"):
        variables = template.functions()[function]["Environment"]["Variables"]
        assert variables["PROVIDERS"] == "painter,openai,fal"


def test_only_the_worker_may_send_to_the_queue_that_it_takes_from(template):
    allowed = {
        name: function.get("RecursiveLoop") for name, function in template.functions().items()
    }
    assert allowed.pop("worker") == "Allow"
    assert set(allowed.values()) == {None}
