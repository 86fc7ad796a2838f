"""What feeds the functions: five queues, and the table's stream."""

from __future__ import annotations

import json

import pytest

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


def test_the_relay_is_woken_by_what_a_client_may_want_to_hear_of(template):
    mapping = template.mappings()["relay", "Jobs.StreamArn"]
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    [filtered] = mapping["FilterCriteria"]["Filters"]
    assert json.loads(filtered["Pattern"]) == {
        "dynamodb": {
            "Keys": {
                "sk": {
                    "S": [
                        {"prefix": "JOB#"},
                        {"prefix": "MEDIA#"},
                        {"prefix": "WEBHOOK#"},
                        "ACCOUNT",
                    ]
                }
            }
        }
    }


def test_one_record_that_nobody_can_read_holds_up_its_shard_for_half_a_day_at_most(template):
    mapping = template.mappings()["relay", "Jobs.StreamArn"]
    assert mapping["BatchSize"] == 50
    assert mapping["ParallelizationFactor"] == 10
    assert "MaximumBatchingWindowInSeconds" not in mapping
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRetryAttempts"] == 10_000
    # The stream itself forgets after twice that.
    assert mapping["MaximumRecordAgeInSeconds"] == 12 * 3600
    assert in_words(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == "SetAside"
