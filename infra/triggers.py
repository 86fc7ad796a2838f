"""What wakes each function."""

from __future__ import annotations

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_

from infra.constructs.api import PublicApi
from infra.constructs.function import DarkroomFunction
from infra.constructs.queue import WorkQueue
from infra.function_row import Consumes, EveryMinute, Follows, Routes, Trigger
from infra.relay_filter import STREAM_WINDOW_SECONDS, filter_criteria
from infra.resources import Resources

# Each event may go to twenty webhooks: a batch is to be told well within the function's time.
STREAM_BATCH = 50
# A stream keeps its records for 24 hours. What is not published by half of that is set aside, and
# the rest goes on while there is still time to mend what is wrong.
OLDEST_RECORD_SECONDS = 12 * 3600
# As many as there are: an outage of hours ends with the records' age, and not before.
STREAM_RETRIES = 10_000


def connect_triggers(
    function: DarkroomFunction,
    target: lambda_.IFunction,
    trigger: Trigger,
    resources: Resources,
    api: PublicApi,
) -> None:
    """`target` is what gets the events: the function, or an alias of it."""
    match trigger:
        case Routes(keys):
            api.send(keys, function.node.id, target)
        case Consumes(queues, max_concurrency):
            for number, queue in enumerate(queues):
                name = f"queue{number or ''}"
                _feed(function, target, queue(resources), max_concurrency, name)
        case Follows():
            _follow(function, trigger, resources)
        case EveryMinute():
            _wake_every_minute(function)


def _feed(
    function: DarkroomFunction,
    target: lambda_.IFunction,
    work: WorkQueue,
    max_concurrency: int,
    name: str,
) -> None:
    # Not the ready-made event source, which grants more than the mapping uses.
    mapping = function.add_event_source_mapping(
        name,
        event_source_arn=work.queue.queue_arn,
        # Each takes seconds: in a larger batch the last would wait for the first.
        batch_size=1,
        report_batch_item_failures=True,
        max_concurrency=max_concurrency,
    )
    if target is not function:
        # The same resource, updated in place: a second one would take from the queue beside it.
        resource = cast("lambda_.CfnEventSourceMapping", mapping.node.default_child)
        resource.function_name = target.function_arn


def _follow(function: DarkroomFunction, follows: Follows, resources: Resources) -> None:
    """Not the ready-made one here either: its destination grants more than sending."""
    mapping = lambda_.CfnEventSourceMapping
    mapping(
        function,
        "stream",
        function_name=function.function_name,
        event_source_arn=resources.table.stream_arn,
        starting_position="TRIM_HORIZON",
        batch_size=STREAM_BATCH,
        # Changes of one item stay in order; those of one workspace do not hold up another's.
        parallelization_factor=follows.parallelism,
        bisect_batch_on_function_error=True,
        maximum_record_age_in_seconds=OLDEST_RECORD_SECONDS,
        maximum_retry_attempts=STREAM_RETRIES,
        function_response_types=["ReportBatchItemFailures"],
        maximum_batching_window_in_seconds=STREAM_WINDOW_SECONDS,
        filter_criteria=mapping.FilterCriteriaProperty(
            filters=[mapping.FilterProperty(pattern=pattern) for pattern in filter_criteria()]
        ),
        destination_config=mapping.DestinationConfigProperty(
            on_failure=mapping.OnFailureProperty(destination=resources.set_aside.queue_arn)
        ),
    )


def _wake_every_minute(function: DarkroomFunction) -> None:
    events.Rule(
        function,
        "every-minute",
        schedule=events.Schedule.rate(cdk.Duration.minutes(1)),
        targets=[targets.LambdaFunction(function, retry_attempts=0)],
    )
    # A minute that was missed is made up for by the next: Lambda tries nothing again, and what was
    # throttled does not come back for hours.
    function.configure_async_invoke(retry_attempts=0, max_event_age=cdk.Duration.seconds(60))
