"""What AWS does around the functions: cold starts, roles, alarms."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from darkroom.admin.proof.facts import Facts, NotShown, expect
from darkroom.admin.proof.workspace import ProofWorkspace, wait_for

_AT_ONCE = 30
_LOGS_SECONDS = 300
# From a bundle, or, with snapstart, from a snapshot.
_START = re.compile(r"^REPORT.*?(?:Init|Restore) Duration: ([0-9.]+) ms")
_STARTS = '?"Init Duration" ?"Restore Duration"'
# Of the gateway, and for a function that could not be started: the account runs too few at once.
_REFUSED = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_MAIL_SECONDS = 900
_PENDING = "PendingConfirmation"
# What no function of ours may do to anything.
_NEVER = (
    "dynamodb:DeleteTable",
    "iam:CreateUser",
    "iam:PassRole",
    "lambda:UpdateFunctionCode",
    "s3:DeleteBucket",
    "s3:ListAllMyBuckets",
    "secretsmanager:DeleteSecret",
    "sqs:DeleteQueue",
)


def start_functions(workspace: ProofWorkspace) -> Facts:
    """So many requests at once that functions have to be started for them."""
    began = int(time.time() * 1000)
    quote = {"prompt": "a", "dry_run": True}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        reads = [pool.submit(workspace.request, "GET", "/v1/account") for _ in range(_AT_ONCE)]
        quotes = [
            pool.submit(workspace.request, "POST", "/v1/jobs", json=quote) for _ in range(_AT_ONCE)
        ]
    answers = [one.result().status_code for one in (*reads, *quotes)]
    if refused := _REFUSED.intersection(answers):
        raise NotShown(f"a request was refused with {max(refused)}: too few functions at once")
    expect(f"a request was answered with {max(answers)}", is_so=set(answers) == {200})
    facts: dict[str, int] = {}
    for name in ("Status", "Submit"):
        group = f"/aws/lambda/{workspace.deployment.outputs[f'{name}FunctionName']}"
        found = wait_for(
            lambda group=group: list(_start_times(workspace, group, began)),  # type: ignore[misc]
            _LOGS_SECONDS,
            "no cold start is in the logs",
        )
        facts[f"{name.lower()} starts"] = len(found)
        facts[f"{name.lower()} median ms"] = round(statistics.median(found))
        facts[f"{name.lower()} slowest ms"] = round(max(found))
    return facts


def _start_times(workspace: ProofWorkspace, group: str, since: int) -> Iterator[float]:
    pages = workspace.deployment.client("logs").get_paginator("filter_log_events")
    for page in pages.paginate(logGroupName=group, startTime=since, filterPattern=_STARTS):
        for event in page["events"]:
            if match := _START.search(event["message"]):
                yield float(match[1])


def deny_by_roles(workspace: ProofWorkspace) -> Facts:
    """AWS's own simulator, with the policies as they are attached."""
    deployment = workspace.deployment
    names = [name for key, name in deployment.outputs.items() if key.endswith("FunctionName")]
    roles = {
        deployment.client("lambda").get_function_configuration(FunctionName=name)["Role"]
        for name in names
    }
    for role in roles:
        answer = deployment.client("iam").simulate_principal_policy(
            PolicySourceArn=role, ActionNames=list(_NEVER)
        )
        allowed = [
            row["EvalActionName"]
            for row in answer["EvaluationResults"]
            if row["EvalDecision"] == "allowed"
        ]
        expect(f"a role may {', '.join(allowed)}", is_so=not allowed)
    return {"roles": len(roles), "actions denied": len(_NEVER)}


def mail_alarms(workspace: ProofWorkspace) -> Facts:
    """An alarm that is set by hand is delivered to a subscriber; it is right again by itself."""
    deployment = workspace.deployment
    name = f"{deployment.stack}-sweeper-stopped"
    cloudwatch = deployment.client("cloudwatch")
    rows = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    topics = [topic for row in rows for topic in row["AlarmActions"]]
    if not topics:
        raise NotShown("no alarm has an action: alarm_email")
    [topic] = topics
    found = deployment.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    if all(one["SubscriptionArn"] == _PENDING for one in found):
        raise NotShown("no subscriber has confirmed")
    if any(row["StateValue"] == "ALARM" for row in rows):
        raise NotShown("the alarm was on already")
    # Deliveries are counted by the minute: earlier ones are to be in another.
    clock = deployment.services.clock
    now = clock.now()
    clock.sleep(-(now.second + now.microsecond / 1e6) % 60)
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="darkroom prove")
    since = clock.now()
    try:
        delivered = wait_for(
            lambda: _delivered(workspace, topic.rpartition(":")[2], since),
            _MAIL_SECONDS,
            "no notification was delivered",
        )
    finally:
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="darkroom prove")
    return {"delivered": delivered}


def _delivered(workspace: ProofWorkspace, topic: str, since: datetime) -> int:
    """CloudWatch counts from the beginning of the minute."""
    cloudwatch = workspace.deployment.client("cloudwatch")
    points: list[Mapping[str, Any]] = cloudwatch.get_metric_statistics(
        Namespace="AWS/SNS",
        MetricName="NumberOfNotificationsDelivered",
        Dimensions=[{"Name": "TopicName", "Value": topic}],
        StartTime=since,
        EndTime=since + timedelta(seconds=_MAIL_SECONDS),
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return int(sum(point["Sum"] for point in points))
