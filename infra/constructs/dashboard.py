"""One page: what comes in, what goes wrong, how long it takes, what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.api import PublicApi
from infra.resources import Resources

PERIOD = Duration.minutes(1)
PAGE_COLUMNS = 24
TABLE_OPERATIONS = (
    dynamodb.Operation.GET_ITEM,
    dynamodb.Operation.PUT_ITEM,
    dynamodb.Operation.UPDATE_ITEM,
    dynamodb.Operation.QUERY,
    dynamodb.Operation.TRANSACT_WRITE_ITEMS,
)

Widgets = Sequence[cloudwatch.IWidget]


class Dashboard(cloudwatch.Dashboard):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: str,
        functions: Mapping[str, lambda_.Function],
        resources: Resources,
        api: PublicApi,
    ) -> None:
        rows = (
            _requests(api),
            _work(functions),
            _waiting(resources),
            _events(functions["relay"], resources),
            _storage(resources.table),
        )
        super().__init__(
            scope,
            name,
            dashboard_name=f"darkroom-{stage}",
            widgets=[list(row) for row in rows],
        )


def _requests(api: PublicApi) -> Widgets:
    return _row(
        {
            "Requests": [api.metric_count(period=PERIOD), api.metric_client_error(period=PERIOD)],
            "Answers of 5xx": [api.metric_server_error(period=PERIOD)],
            "Time to answer": [
                api.metric_latency(period=PERIOD, statistic="p50"),
                api.metric_latency(period=PERIOD, statistic="p99"),
            ],
        }
    )


def _work(functions: Mapping[str, lambda_.Function]) -> Widgets:
    each = functions.values()
    return _row(
        {
            "Invocations": [function.metric_invocations(period=PERIOD) for function in each],
            "Errors and throttles": [
                *(function.metric_errors(period=PERIOD) for function in each),
                *(function.metric_throttles(period=PERIOD) for function in each),
            ],
            "Duration, p99": [
                function.metric_duration(period=PERIOD, statistic="p99") for function in each
            ],
        }
    )


def _waiting(resources: Resources) -> Widgets:
    each = resources.work_queues()
    return _row(
        {
            **{
                f"{name} waiting and in work": [
                    work.queue.metric_approximate_number_of_messages_visible(period=PERIOD),
                    work.queue.metric_approximate_number_of_messages_not_visible(period=PERIOD),
                ]
                for name, work in each.items()
            },
            "Age of the oldest": [
                work.queue.metric_approximate_age_of_oldest_message(period=PERIOD)
                for work in each.values()
            ],
        }
    )


def _events(relay: lambda_.Function, resources: Resources) -> Widgets:
    left_over = (
        *dict.fromkeys(work.dead_letters for work in resources.work_queues().values()),
        resources.submissions.undelivered,
        resources.set_aside,
    )
    return _row(
        {
            "Age of what the relay reads": [
                relay.metric("IteratorAge", period=PERIOD, statistic="Maximum")
            ],
            "Requests that came as events": [
                resources.submissions.metric_matches(PERIOD),
                resources.submissions.metric_failures(PERIOD),
            ],
            "Dead letters, undelivered, set aside": [
                queue.metric_approximate_number_of_messages_visible(period=PERIOD)
                for queue in left_over
            ],
        }
    )


def _storage(table: dynamodb.Table) -> Widgets:
    return _row(
        {
            "Table: capacity used": [
                table.metric_consumed_read_capacity_units(period=PERIOD),
                table.metric_consumed_write_capacity_units(period=PERIOD),
            ],
            "Table: throttled": [
                table.metric_throttled_requests_for_operations(
                    operations=list(TABLE_OPERATIONS), period=PERIOD
                )
            ],
        }
    )


def _row(graphs: Mapping[str, Sequence[cloudwatch.IMetric]]) -> Widgets:
    return [
        cloudwatch.GraphWidget(title=title, left=list(metrics), width=PAGE_COLUMNS // len(graphs))
        for title, metrics in graphs.items()
    ]
