"""A small workspace beside a large one: counts of what still waits. Seconds differ by machine."""

from __future__ import annotations

import pytest

from tests.receiving import ARRIVES_SECONDS, Client, Receiver
from tests.running import JOB_SECONDS, eventually

SMALL = {"prompt": "a mill", "width": 64, "height": 64}
JOBS, IMAGES_A_JOB = 20, 10
WEBHOOKS, EVENTS, SLOW_SECONDS = 5, 20, 5


@pytest.fixture
def client_of(local):
    def made(name):
        limits = {"max_in_flight": 1000, "requests_per_minute": 10_000}
        return Client(local, local.new_workspace(name, 1000, **limits))

    return made


def test_a_small_job_is_done_while_most_of_anothers_many_images_wait(local, client_of):
    many, one = client_of("many"), client_of("one")
    large = {"prompt": "a harbour", "width": 512, "height": 512, "n": IMAGES_A_JOB}
    jobs = [many.given("POST", "/v1/jobs", large)["id"] for _ in range(JOBS)]
    job = one.given("POST", "/v1/jobs", SMALL)["id"]

    def done():
        return one.given("GET", f"/v1/jobs/{job}")["status"] == "completed"

    eventually(done, JOB_SECONDS, "the small job")
    stored = [entry for entry in local.entries("image") if entry.get("workspace") == "many"]
    for name in jobs:  # those that have ended answer so
        assert many.ask("POST", f"/v1/jobs/{name}/cancel").status_code in {200, 409}
    assert JOBS * IMAGES_A_JOB - len(stored) > 100


def test_a_message_arrives_while_most_of_anothers_wait_for_slow_receivers(client_of):
    many, one = client_of("slow-receivers"), client_of("quick-receiver")
    slow, quick = Receiver().start(), Receiver().start()
    slow.seconds = SLOW_SECONDS
    try:
        for _ in range(WEBHOOKS):
            many.hook(slow, "image.stored")
        one.hook(quick, "job.completed")
        for n in (10, EVENTS - 10):
            many.given("POST", "/v1/jobs", SMALL | {"n": n})
        eventually(lambda: slow.arrived, ARRIVES_SECONDS, "the first of them")
        one.given("POST", "/v1/jobs", SMALL)
        quick.wait_for("job.completed")
        assert len(slow.arrived) < WEBHOOKS * EVENTS / 2
        # And none of the others is lost.
        slow.seconds = 0
        slow.wait_for("image.stored", WEBHOOKS * EVENTS)
        assert len({one.id for one in slow.arrived}) == EVENTS
    finally:
        slow.stop()
        quick.stop()


def test_the_backlog_is_done_to_the_last_image(local, client_of):
    many = client_of("to-the-last")
    jobs = [many.given("POST", "/v1/jobs", SMALL | {"n": 4})["id"] for _ in range(6)]

    def ended():
        seen = [many.given("GET", f"/v1/jobs/{job}")["status"] for job in jobs]
        return seen if "pending" not in seen and "processing" not in seen else None

    assert eventually(ended, JOB_SECONDS, "the end of all") == ["completed"] * len(jobs)
    queue = local.aws.client("sqs").get_queue_attributes(
        QueueUrl=local.outputs["BacklogQueueUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert queue["Attributes"] == {"ApproximateNumberOfMessages": "0"}
