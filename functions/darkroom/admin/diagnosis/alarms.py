"""Alarms of this stack: whether one is on, and whether a subscriber gets their mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.finding import NEEDS_AWS, Finding, bad, good, judged, not_checked

_PENDING = "PendingConfirmation"


def check_alarms(deployment: Deployment) -> Iterator[Finding]:
    if deployment.is_local:
        yield not_checked("alarms", NEEDS_AWS)
        return
    rows = _alarms_of(deployment)
    if not rows:
        yield bad("alarms", "none is deployed (observability)")
        return
    red = sorted(row["AlarmName"] for row in rows if row["StateValue"] == "ALARM")
    yield judged("alarms", f"on: {', '.join(red)}" if red else "none is on", is_good=not red)
    yield _subscribers(deployment, rows)


def _alarms_of(deployment: Deployment) -> Sequence[Mapping[str, Any]]:
    """Without those that roll back deployments: they are for CodeDeploy alone."""
    prefix = f"{deployment.stack}-"
    # Another stack's name may begin with this one's.
    names = set(deployment.physical_ids("AWS::CloudWatch::Alarm").values())
    pages = deployment.client("cloudwatch").get_paginator("describe_alarms")
    return [
        alarm
        for page in pages.paginate(AlarmNamePrefix=prefix)
        for alarm in page["MetricAlarms"]
        if alarm["AlarmName"] in names and not alarm["AlarmName"].startswith(f"{prefix}canary-")
    ]


def _subscribers(deployment: Deployment, rows: Sequence[Mapping[str, Any]]) -> Finding:
    topics = {topic for row in rows for topic in row["AlarmActions"]}
    without_action = [row for row in rows if not row["AlarmActions"]]
    subject = "alarms' subscribers"
    if without_action:
        return bad(subject, f"{len(without_action)} alarms have no action: -c alarm_email=…")
    for topic in topics:
        answer = deployment.client("sns").list_subscriptions_by_topic(TopicArn=topic)
        confirmed = [one for one in answer["Subscriptions"] if one["SubscriptionArn"] != _PENDING]
        if not confirmed:
            return bad(subject, "the topic has none that is confirmed: look for AWS's mail")
    return good(subject, f"{len(rows)} alarms have a confirmed subscriber")
