"""The events in events/, each given to its function as AWS would."""

import json
from pathlib import Path

import pytest

EVENTS = Path(__file__).parents[2] / "events"
SAMPLES = sorted(str(path.relative_to(EVENTS)) for path in EVENTS.glob("*/*.json"))
EXPECTED = {
    "status/get-health.json": 200,
    "status/get-job.json": 404,
    "status/list-jobs.json": 200,
    "status/list-models.json": 200,
    "submit/cancel-job.json": 404,
    "submit/post-job.json": 202,
}


@pytest.mark.parametrize("sample", [name for name in SAMPLES if name in EXPECTED])
def test_an_http_event_is_answered(shared_system, sample):
    event = json.loads((EVENTS / sample).read_text())
    event["headers"]["authorization"] = f"Bearer {shared_system.key}"
    handler = shared_system.handlers[sample.partition("/")[0]].handler
    answer = handler(event, None)
    assert answer["statusCode"] == EXPECTED[sample]
    assert json.loads(answer["body"])


@pytest.mark.parametrize("sample", [name for name in SAMPLES if name.startswith("worker/")])
def test_a_queue_event_is_worked_off(shared_system, sample):
    event = json.loads((EVENTS / sample).read_text())
    assert shared_system.handlers["worker"].handler(event, None) == {"batchItemFailures": []}


def test_the_schedules_event_sweeps(shared_system):
    event = json.loads((EVENTS / "sweeper/every-minute.json").read_text())
    assert shared_system.handlers["sweeper"].handler(event, None) == {}


def test_every_function_has_a_sample(shared_system):
    assert {name.partition("/")[0] for name in SAMPLES} == set(shared_system.handlers)


def test_a_message_that_is_nonsense_comes_back_and_ends_in_the_dead_letter_queue(shared_system):
    record = {"messageId": "m-1", "receiptHandle": "r", "body": "not json"}
    with pytest.raises(ValueError, match="none of ours"):
        shared_system.handlers["worker"].handler({"Records": [record]}, None)
