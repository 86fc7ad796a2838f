"""What feeds the functions: five queues, and the table's stream."""

from __future__ import annotations

import json

import pytest

from infra.local.event_filters import alternatives, without_alternatives
from infra.relay_filter import filter_criteria, relay_patterns
from tests.infra.reading import in_words


@pytest.mark.parametrize(
    ("name", "queue", "at_once"),
    [
        ("worker", "ImagesToMakeQueue", 20),
        ("worker", "ImagesBacklogQueue", 20),
        ("webhook", "WebhooksQueue", 20),
        ("webhook", "SlowWebhooksQueue", 20),
        ("intake", "IntakeQueue", 10),
    ],
)
def test_a_queue_feeds_its_function_one_message_at_a_time(template, name, queue, at_once):
    mapping = template.mappings()[name, queue]
    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": at_once}


def test_how_many_receivers_are_called_at_once_can_be_chosen(make_template):
    chosen = make_template(webhook_concurrency=50, observability=0)
    for queue in ("WebhooksQueue", "SlowWebhooksQueue"):
        mapping = chosen.mappings()["webhook", queue]
        assert mapping["ScalingConfig"] == {"MaximumConcurrency": 50}
    # Half of them: others' messages find one that is free.
    variables = chosen.functions()["webhook"]["Environment"]["Variables"]
    assert variables["WEBHOOKS_PER_WORKSPACE"] == "25"


def test_the_relay_is_woken_by_what_becomes_an_event(template, local_template):
    mapping = template.mappings()["relay", "Jobs.StreamArn"]
    filters = mapping["FilterCriteria"]["Filters"]
    assert [one["Pattern"] for one in filters] == filter_criteria()
    # The local AWS is given these, each alternative by itself.
    body = without_alternatives(local_template.body)
    [local] = [
        one["Properties"]["FilterCriteria"]["Filters"]
        for one in body["Resources"].values()
        if one["Type"] == "AWS::Lambda::EventSourceMapping"
        and "FilterCriteria" in one["Properties"]
    ]
    expanded = [single for one in relay_patterns() for single in alternatives(one)]
    assert [json.loads(one["Pattern"]) for one in local] == expanded
    assert len(local) > len(filters)


def test_the_changes_of_a_second_wake_the_relay_once(template):
    mapping = template.mappings()["relay", "Jobs.StreamArn"]
    assert mapping["MaximumBatchingWindowInSeconds"] == 1


def test_one_record_that_nobody_can_read_holds_up_its_shard_for_half_a_day_at_most(template):
    mapping = template.mappings()["relay", "Jobs.StreamArn"]
    assert mapping["BatchSize"] == 50
    assert mapping["ParallelizationFactor"] == 10
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRetryAttempts"] == 10_000
    # The stream itself forgets after twice that.
    assert mapping["MaximumRecordAgeInSeconds"] == 12 * 3600
    assert in_words(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "SetAside"
