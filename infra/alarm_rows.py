"""What is an alarm, one row each: the figure, from when on, what it means, and its runbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from infra.constructs.alarms import AlarmRow
from infra.constructs.api import PublicApi
from infra.constructs.log_counts import LogCounts
from infra.constructs.storage import DUE_INDEX
from infra.functions import API_TIMEOUT_SECONDS
from infra.options import Options
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
# Ten of a job's fifteen minutes.
LATE_SECONDS = 10 * 60
# Of the functions that the account may run at once.
CLAIMED_PERCENT = 80
# In five minutes. Fewer are everyday: a mistyped key, a page with an old one.
CLIENT_ERROR_COUNT = 100
CLIENT_ERRORS = {
    401: "Many requests have no valid key: a client lost its key, or keys are being tried.",
    403: "Many requests lack a right: a key without the scope, or a workspace that is shut.",
    429: "Many requests are refused for their rate, by a limit of a workspace or of the API.",
}
PROVIDER_FAILURES = 5
# What the sweeper had to do that a person should know of. The rest is everyday.
REPAIRS = {
    "too_late": "A job was not done by its deadline; what was not made is refunded.",
    "dead_letter": "An image could not be made in all its deliveries; it is refunded.",
    "fault": "The sweeper could not mend a job. The log says why; it tries again.",
}


def alarm_rows(
    options: Options,
    functions: Mapping[str, lambda_.Function],
    resources: Resources,
    api: PublicApi,
    counts: LogCounts,
) -> Iterator[AlarmRow]:
    images = resources.images
    yield AlarmRow(
        name="images-piling-up",
        metric=_seconds_of_work(images.queue, resources.backlog.queue),
        at_least=LATE_SECONDS,
        meaning="At the pace of the last minutes, images that wait now miss their job's deadline.",
    )
    yield AlarmRow(
        name="oldest-image",
        metric=images.queue.metric_approximate_age_of_oldest_message(
            period=PERIOD, statistic="Maximum"
        ),
        at_least=TIMES_OUT_OF_SIGHT * images.visibility_seconds,
        meaning="An image waits too long: the worker fails, or is too slow for what comes in.",
    )
    yield AlarmRow(
        name="oldest-backlog-image",
        metric=resources.backlog.queue.metric_approximate_age_of_oldest_message(
            period=PERIOD, statistic="Maximum"
        ),
        at_least=OLDEST_BACKLOG_SECONDS,
        meaning="A workspace asks for more than is made in a job's time: images will be late.",
    )
    yield AlarmRow(
        name="api-server-errors",
        metric=api.metric_server_error(period=PERIOD, statistic="Sum"),
        at_least=SERVER_ERRORS,
        meaning="Clients see 5xx answers.",
    )
    yield AlarmRow(
        name="submit-slow",
        metric=functions["submit"].metric_duration(period=PERIOD, statistic="p99"),
        at_least=SLOW_SUBMIT_MILLISECONDS,
        meaning="One request in a hundred comes so close to the timeout that it will be cut off.",
    )
    for kind, meaning in REPAIRS.items():
        yield AlarmRow(
            name=f"repair-{kind.replace('_', '-')}",
            metric=cloudwatch.Metric(
                namespace="Darkroom",
                metric_name=f"repair_{kind}",
                dimensions_map={"service": "sweeper", "stage": options.stage},
                period=PERIOD,
                statistic="Sum",
            ),
            at_least=1,
            meaning=meaning,
        )
    yield AlarmRow(
        name="sweeper-stopped",
        metric=functions["sweeper"].metric_invocations(period=PERIOD, statistic="Sum"),
        at_least=1,
        meaning="The sweeper has not run for five minutes: nothing is repaired, no deadline kept.",
        silence=True,
    )
    yield from _left_over_rows(resources)
    yield from _event_rows(functions["relay"], resources)
    yield from _limit_rows(options, resources.table)
    yield from _client_rows(counts)
    for name, function in functions.items():
        yield from _function_rows(name, function)


def _seconds_of_work(*queues: sqs.Queue) -> cloudwatch.MathExpression:
    """How long what waits takes at the pace at which messages have been finished."""
    metrics: dict[str, cloudwatch.IMetric] = {}
    for number, queue in enumerate(queues):
        metrics[f"waiting{number}"] = queue.metric_approximate_number_of_messages_visible(
            period=PERIOD, statistic="Minimum"
        )
        metrics[f"done{number}"] = queue.metric_number_of_messages_deleted(
            period=PERIOD, statistic="Sum"
        )
    waiting = "+".join(f"FILL(waiting{number},0)" for number in range(len(queues)))
    done = "+".join(f"FILL(done{number},0)" for number in range(len(queues)))
    # Where nothing was finished, as if one had been.
    pace = f"IF(({done})>1,({done}),1)"
    return cloudwatch.MathExpression(
        expression=f"({waiting})*{PERIOD.to_seconds()}/{pace}",
        label="seconds of work that wait",
        using_metrics=metrics,
        period=PERIOD,
    )


def _limit_rows(options: Options, table: dynamodb.Table) -> Iterator[AlarmRow]:
    yield AlarmRow(
        name="table-throttles",
        metric=_throttles(table),
        at_least=1,
        meaning="DynamoDB refused requests for their rate; after more tries, clients see 503.",
    )
    yield AlarmRow(
        name="account-concurrency",
        metric=cloudwatch.Metric(
            namespace="AWS/Lambda",
            metric_name="ClaimedAccountConcurrency",
            period=PERIOD,
            statistic="Maximum",
        ),
        at_least=options.concurrency_quota * CLAIMED_PERCENT // 100,
        meaning="The account, all of it, runs nearly as many functions at once as it may.",
    )


def _throttles(table: dynamodb.Table) -> cloudwatch.MathExpression:
    """Of the table and of its index, which is counted apart."""
    index = {"TableName": table.table_name, "GlobalSecondaryIndexName": DUE_INDEX}
    metrics: dict[str, cloudwatch.IMetric] = {
        f"{kind.lower()}{number}": cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name=f"{kind}ThrottleEvents",
            dimensions_map=dimensions,
            period=PERIOD,
            statistic="Sum",
        )
        for number, dimensions in enumerate(({"TableName": table.table_name}, index))
        for kind in ("Read", "Write")
    }
    return cloudwatch.MathExpression(
        expression="+".join(f"FILL({name},0)" for name in metrics),
        label="throttled requests",
        using_metrics=metrics,
        period=PERIOD,
    )


def _client_rows(counts: LogCounts) -> Iterator[AlarmRow]:
    for status, meaning in CLIENT_ERRORS.items():
        yield AlarmRow(
            name=f"answers-{status}",
            metric=counts.client_errors(status, PERIOD),
            at_least=CLIENT_ERROR_COUNT,
            meaning=meaning,
            runbook="answers-401-403-429",
        )
    yield AlarmRow(
        name="provider-failures",
        metric=counts.provider_failures(PERIOD),
        at_least=PROVIDER_FAILURES,
        meaning="Images fail because no provider made them: a key, a balance, or an outage.",
    )


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
        "The relay could not publish a change; the record that it could not read lies there.",
    )


def _anything_in(queue: sqs.Queue, name: str, meaning: str) -> AlarmRow:
    metric = queue.metric_approximate_number_of_messages_visible(period=PERIOD, statistic="Maximum")
    return AlarmRow(name=name, metric=metric, at_least=1, meaning=meaning)


def _event_rows(relay: lambda_.Function, resources: Resources) -> Iterator[AlarmRow]:
    yield AlarmRow(
        name="relay-late",
        metric=relay.metric("IteratorAge", period=PERIOD, statistic="Maximum"),
        at_least=LATE_RELAY_MILLISECONDS,
        meaning="Events and webhooks come minutes after the change that they report.",
    )
    yield AlarmRow(
        name="intake-rule-failures",
        metric=resources.submissions.metric_failures(PERIOD),
        at_least=1,
        meaning="A request that came as an event was lost on its way to the intake's queue.",
    )


def _function_rows(name: str, function: lambda_.Function) -> Iterator[AlarmRow]:
    yield AlarmRow(
        name=f"{name}-errors",
        metric=function.metric_errors(period=PERIOD, statistic="Sum"),
        at_least=1,
        meaning=f"{name} crashed or timed out. Refusals and failed images are not errors.",
        runbook="function-errors",
    )
    yield AlarmRow(
        name=f"{name}-throttles",
        metric=function.metric_throttles(period=PERIOD, statistic="Sum"),
        at_least=1,
        meaning=f"{name} was not started for want of concurrency, the account's or its own.",
        runbook="function-throttles",
    )
