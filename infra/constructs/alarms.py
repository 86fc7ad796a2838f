"""Alarms for what a person must look at. The same figures, and more, are on the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.api import PublicApi
from infra.functions import API_TIMEOUT_SECONDS
from infra.resources import Resources

PERIOD = Duration.minutes(5)
# A busy queue is no alarm, an image that no worker makes is. Once out of sight is a crash and its
# retry, and no reason for an alarm.
TIMES_OUT_OF_SIGHT = 2
# A request may wait for its images for 25 s by design: only those about to be cut off count.
SLOW_SUBMIT_MILLISECONDS = (API_TIMEOUT_SECONDS - 1) * 1000
SERVER_ERRORS = 5
# A job has fifteen minutes: some are left to see to it.
OLDEST_BACKLOG_SECONDS = 10 * 60
# Events are published within a second or two. This late, the relay stands.
LATE_RELAY_MILLISECONDS = 5 * 60 * 1000
# What the sweeper had to do that a person should know of. The rest is everyday.
REPAIRS = {
    "too_late": "A job was not done by its deadline; what was not made is refunded.",
    "dead_letter": "An image could not be made in all its deliveries; it is refunded.",
    "fault": "The sweeper could not mend a job. The log says why; it tries again.",
}


@dataclass(frozen=True, slots=True)
class AlarmRow:
    name: str
    metric: cloudwatch.IMetric
    at_least: float
    meaning: str


class Alarms(Construct):
    """They tell the address if there is one; without it they are there to be looked at."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: str,
        email: str | None,
        rows: Iterator[AlarmRow],
    ) -> None:
        super().__init__(scope, name)
        topic = _topic(self, email) if email else None
        for row in rows:
            alarm = cloudwatch.Alarm(
                self,
                row.name,
                alarm_name=f"darkroom-{stage}-{row.name}",
                alarm_description=row.meaning,
                metric=row.metric,
                threshold=row.at_least,
                evaluation_periods=1,
                comparison_operator=(
                    cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
                ),
                # A system without requests sends no figures, and is well.
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            if topic:
                alarm.add_alarm_action(actions.SnsAction(topic))
                alarm.add_ok_action(actions.SnsAction(topic))


def alarm_rows(
    stage: str, functions: Mapping[str, lambda_.Function], resources: Resources, api: PublicApi
) -> Iterator[AlarmRow]:
    images = resources.images
    yield AlarmRow(
        "oldest-image",
        images.queue.metric_approximate_age_of_oldest_message(period=PERIOD, statistic="Maximum"),
        TIMES_OUT_OF_SIGHT * images.visibility_seconds,
        "An image waits too long: the worker fails, or is too slow for what comes in.",
    )
    yield AlarmRow(
        "oldest-backlog-image",
        resources.backlog.queue.metric_approximate_age_of_oldest_message(
            period=PERIOD, statistic="Maximum"
        ),
        OLDEST_BACKLOG_SECONDS,
        "A workspace's flood is more than its workers do within a job's time: images will be late.",
    )
    yield AlarmRow(
        "api-server-errors",
        api.metric_server_error(period=PERIOD, statistic="Sum"),
        SERVER_ERRORS,
        "Clients see 5xx answers.",
    )
    yield AlarmRow(
        "submit-slow",
        functions["submit"].metric_duration(period=PERIOD, statistic="p99"),
        SLOW_SUBMIT_MILLISECONDS,
        "One request in a hundred comes so close to the timeout that it will be cut off.",
    )
    for kind, meaning in REPAIRS.items():
        yield AlarmRow(
            f"repair-{kind.replace('_', '-')}",
            cloudwatch.Metric(
                namespace="Darkroom",
                metric_name=f"repair_{kind}",
                dimensions_map={"service": "sweeper", "stage": stage},
                period=PERIOD,
                statistic="Sum",
            ),
            1,
            meaning,
        )
    yield from _left_over_rows(resources)
    yield from _event_rows(functions["relay"], resources)
    for name, function in functions.items():
        yield from _function_rows(name, function)


def _left_over_rows(resources: Resources) -> Iterator[AlarmRow]:
    """One message is enough: each is something that was asked for and not done."""
    yield _anything_in(
        resources.images.dead_letters,
        "dead-letters",
        "An image could not be made in all its deliveries; it fails, and is refunded.",
    )
    yield _anything_in(
        resources.webhooks.dead_letters,
        "webhooks-dead-letters",
        "The webhook function failed over a message in all its deliveries.",
    )
    yield _anything_in(
        resources.intake.dead_letters,
        "intake-dead-letters",
        "A request from the queue could not be served; it lies there as it came.",
    )
    yield _anything_in(
        resources.submissions.undelivered,
        "intake-undelivered",
        "A request that came as an event did not get into the intake's queue.",
    )
    yield _anything_in(
        resources.set_aside,
        "set-aside",
        "The relay could not tell of a change; what it says of the record lies there.",
    )


def _anything_in(queue: sqs.Queue, name: str, meaning: str) -> AlarmRow:
    metric = queue.metric_approximate_number_of_messages_visible(period=PERIOD, statistic="Maximum")
    return AlarmRow(name, metric, 1, meaning)


def _event_rows(relay: lambda_.Function, resources: Resources) -> Iterator[AlarmRow]:
    yield AlarmRow(
        "relay-late",
        relay.metric("IteratorAge", period=PERIOD, statistic="Maximum"),
        LATE_RELAY_MILLISECONDS,
        "Events and webhooks are told minutes after what they tell of.",
    )
    yield AlarmRow(
        "intake-rule-failures",
        resources.submissions.metric_failures(PERIOD),
        1,
        "A request that came as an event was lost on its way to the intake's queue.",
    )


def _function_rows(name: str, function: lambda_.Function) -> Iterator[AlarmRow]:
    yield AlarmRow(
        f"{name}-errors",
        function.metric_errors(period=PERIOD, statistic="Sum"),
        1,
        f"{name} crashed or timed out. Refusals and failed images are not errors.",
    )
    yield AlarmRow(
        f"{name}-throttles",
        function.metric_throttles(period=PERIOD, statistic="Sum"),
        1,
        f"{name} was not started for want of concurrency: the account's, or its reservation.",
    )


def _topic(scope: Construct, email: str) -> sns.Topic:
    topic = sns.Topic(scope, "Topic", enforce_ssl=True)
    topic.add_subscription(subscriptions.EmailSubscription(email))
    # A policy of its own, here the refusal of plain HTTP, takes the place of the one that every
    # topic begins with, by which the account's alarms may publish.
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
        )
    )
    return topic
