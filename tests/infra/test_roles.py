"""What each function may do."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from tests.infra.reading import in_words, listed

# All that each role may do, and on what. `*` is X-Ray, which knows no resources.
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
CONSUMES = {
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ChangeMessageVisibility",
}
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
        "Waits": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "Images/uploads/*": {"s3:PutObject", "s3:GetObject"},
        "Images/*": {"s3:DeleteObject"},
        "ImagesToMakeQueue": {"sqs:SendMessage"},
        "ImagesBacklogQueue": {"sqs:SendMessage"},
        "WebhooksQueue": {"sqs:SendMessage"},
        "SlowWebhooksQueue": {"sqs:SendMessage"},
        "SigningSecret": {"secretsmanager:GetSecretValue"},
        "WebhookSecret": {"secretsmanager:GetSecretValue"},
        "submitlogs": LOGS,
        "*": TRACES,
    },
    "status": {
        "Jobs": {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"},
        "Jobs/index/due": {"dynamodb:Query"},
        "Waits": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "Images/*": {"s3:GetObject"},
        "SigningSecret": {"secretsmanager:GetSecretValue"},
        "WebhookSecret": {"secretsmanager:GetSecretValue"},
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
        "ImagesToMakeQueue": CONSUMES | {"sqs:SendMessage"},
        "ImagesBacklogQueue": CONSUMES | {"sqs:SendMessage"},
        "workerlogs": LOGS,
        "*": TRACES,
    },
    "sweeper": {
        "Jobs": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "Jobs/index/due": {"dynamodb:Query"},
        "Images/*": {"s3:DeleteObject"},
        "ImagesToMakeQueue": {"sqs:SendMessage"},
        "ImagesBacklogQueue": {"sqs:SendMessage"},
        "WebhooksQueue": {"sqs:SendMessage"},
        "SlowWebhooksQueue": {"sqs:SendMessage"},
        "ImagesToMakeDeadLetters": {"sqs:ReceiveMessage", "sqs:DeleteMessage"},
        "sweeperlogs": LOGS,
        "*": TRACES,
    },
    "relay": {
        "Jobs.StreamArn": {
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
        },
        "Jobs/stream/*": {"dynamodb:ListStreams"},
        "Jobs": {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"},
        "Bus": {"events:PutEvents"},
        "WebhooksQueue": {"sqs:SendMessage"},
        "SlowWebhooksQueue": {"sqs:SendMessage"},
        "SetAside": {"sqs:SendMessage"},
        "SigningSecret": {"secretsmanager:GetSecretValue"},
        "relaylogs": LOGS,
        "*": TRACES,
    },
    "webhook": {
        "Jobs": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "WebhooksQueue": CONSUMES | {"sqs:SendMessage"},
        "SlowWebhooksQueue": CONSUMES | {"sqs:SendMessage"},
        "WebhookSecret": {"secretsmanager:GetSecretValue"},
        "webhooklogs": LOGS,
        "*": TRACES,
    },
    "intake": {
        "Jobs": {
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        },
        "IntakeQueue": CONSUMES | {"sqs:SendMessage"},
        "IntakeDeadLetters": {"sqs:SendMessage"},
        "ImagesToMakeQueue": {"sqs:SendMessage"},
        "ImagesBacklogQueue": {"sqs:SendMessage"},
        "WebhooksQueue": {"sqs:SendMessage"},
        "SlowWebhooksQueue": {"sqs:SendMessage"},
        "Bus": {"events:PutEvents"},
        "SigningSecret": {"secretsmanager:GetSecretValue"},
        "intakelogs": LOGS,
        "*": TRACES,
    },
}


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


def test_status_may_write_nothing_but_requests_that_wait_and_their_equals():
    reads = {place: actions for place, actions in MAY["status"].items() if place != "Waits"}
    actions = {action for granted in reads.values() for action in granted}
    verbs = {action.split(":")[1] for action in actions - LOGS - TRACES}
    assert verbs == {"GetItem", "BatchGetItem", "Query", "GetObject", "GetSecretValue"}


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


def test_who_sends_to_the_queue_that_it_takes_from_is_not_stopped_for_it(template):
    allowed = {
        name: function.get("RecursiveLoop") for name, function in template.functions().items()
    }
    send_to_themselves = {
        name
        for name, source in template.mappings()
        if "sqs:SendMessage" in MAY[name].get(source, ())
    }
    assert send_to_themselves == {"worker", "webhook", "intake"}
    assert allowed == dict.fromkeys(MAY) | dict.fromkeys(send_to_themselves, "Allow")
