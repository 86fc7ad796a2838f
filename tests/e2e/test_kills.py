"""The receiver, the relay and the bus are away in turn while jobs are made: when they are back,
every event has arrived on both ways, and none with a second id.

KILLS_JOBS says how many jobs: a few in every test run, two hundred with `make kills`.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.receiving import Receiver
from tests.running import STACK, eventually

JOBS = int(os.environ.get("KILLS_JOBS", "40"))
WORKSPACE = "kills"
RELAY = f"{STACK}-relay"
BUS = STACK
# What a job of one image goes through.
STATES = ("job.accepted", "job.started", "image.stored", "job.completed")
# Told of during the receiver's outage. Five failures in a row make it rest, for half a minute and
# more: only two hundred jobs have the time for that.
UNHEARD = JOBS // 4 if JOBS >= 200 else 1
FAILURES = min(len(STATES) * UNHEARD, 5)
KILLS = 4
HELD_SECONDS = 2  # after each of them
OUTAGE = 3  # batches that the relay could not tell the bus of
# A receiver that has rested is asked again after half a minute, or after a minute more by whoever
# came just then.
SHOWS_WITHIN = 30
ALL_THERE_WITHIN = 150 + JOBS
# Each way in which a bus can be away: nobody answers, or every entry is refused.
AWAY = (
    {"AWS_ENDPOINT_URL_EVENTBRIDGE": "http://127.0.0.1:9"},
    {"EVENT_BUS_NAME": "arn:aws:events:us-east-1:999999999999:event-bus/away"},
)


class Kills:
    """A workspace whose events all go to a receiver, and by the bus to a queue of the test's."""

    def __init__(self, local, receiver):
        self.local, self.receiver = local, receiver
        self.key = local.new_workspace(
            WORKSPACE, 100_000, requests_per_minute=1_000_000, max_in_flight=1_000_000
        )
        self.lambdas, self.bus = local.aws.client("lambda"), local.aws.client("events")
        self.queues = local.aws.client("sqs")
        self.queue = self.queues.create_queue(QueueName="kills")["QueueUrl"]
        wanted = {"source": ["darkroom"], "detail": {"workspace": [WORKSPACE]}}
        self.bus.put_rule(Name="kills", EventBusName=BUS, EventPattern=json.dumps(wanted))
        arn = self.queues.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        target = {"Id": "kills", "Arn": arn["Attributes"]["QueueArn"]}
        self.bus.put_targets(Rule="kills", EventBusName=BUS, Targets=[target])
        self.hook = self.ask("POST", "/v1/webhooks", {"url": receiver.url})["id"]
        self.on_the_bus = []
        self.jobs = set()

    def ask(self, method, path, body=None):
        answer = httpx.request(
            method,
            f"{self.local.api}{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
        )
        assert answer.is_success, answer.text
        return answer.json()

    def submit(self, count):
        body = {"prompt": "a field", "width": 64, "height": 64}
        with ThreadPoolExecutor(2) as pool:
            made = pool.map(lambda _: self.ask("POST", "/v1/jobs", body)["id"], range(count))
        self.jobs |= set(made)

    def deliveries(self):
        place, more = f"/v1/webhooks/{self.hook}/deliveries?limit=50", ""
        while True:
            page = self.ask("GET", place + more)
            yield from page["deliveries"]
            if page["cursor"] is None:
                return
            more = f"&cursor={page['cursor']}"

    def failed_tries(self):
        return sum(
            one["outcome"] == "unreachable"
            for each in self.deliveries()
            for one in each["attempts"]
        )

    def failed_batches(self):
        """Of the relay's, as the local AWS says."""
        return (
            (self.local.folder / "logs" / "aws.log")
            .read_text()
            .count(f"{RELAY} failed processing DynamoDB stream batch")
        )

    def newest_delivery(self):
        return self.ask("GET", f"/v1/webhooks/{self.hook}/deliveries?limit=1")["deliveries"][0][
            "id"
        ]

    def kill_relay(self):
        """In the middle of what it tells; and nothing of it lives for a while after that."""
        before = self.newest_delivery()
        eventually(lambda: self.newest_delivery() != before, SHOWS_WITHIN, "a next event")
        killed, until = kill_processes(self.local), time.monotonic() + HELD_SECONDS
        while time.monotonic() < until:
            killed += kill_processes(self.local)
        return killed

    @contextmanager
    def away(self, changes):
        """The relay meanwhile looks for the bus where there is none."""
        known = self.lambdas.get_function_configuration(FunctionName=RELAY)["Environment"]
        there = known["Variables"]
        self._give_relay(there | changes)
        try:
            yield
        finally:
            self._give_relay(there)

    def _give_relay(self, variables):
        environment = {"Variables": variables}
        self.lambdas.update_function_configuration(FunctionName=RELAY, Environment=environment)

    def heard_on_the_bus(self):
        while True:
            given = self.queues.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
            messages = given.get("Messages", ())
            if not messages:
                return [json.loads(body)["detail"] for body in self.on_the_bus]
            for message in messages:
                self.on_the_bus.append(message["Body"])
                handle = message["ReceiptHandle"]
                self.queues.delete_message(QueueUrl=self.queue, ReceiptHandle=handle)

    def heard_by_receiver(self):
        return [one.event for one in list(self.receiver.arrived)]

    def expected(self):
        return {(f"jobs/{job}", f"darkroom.{state}") for job in self.jobs for state in STATES}

    def close(self):
        self.bus.remove_targets(Rule="kills", EventBusName=BUS, Ids=["kills"])
        self.bus.delete_rule(Name="kills", EventBusName=BUS)
        self.queues.delete_queue(QueueUrl=self.queue)
        self.receiver.stop()


def relay_processes(local):
    wanted = {
        f"AWS_LAMBDA_FUNCTION_NAME={RELAY}".encode(),
        f"AWS_ENDPOINT_URL={local.file['aws']}".encode(),
    }
    found = []
    for folder in Path("/proc").iterdir():
        try:
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if wanted <= set(environment.split(b"\0")):
            found.append(int(folder.name))
    return found


def kill_processes(local):
    victims = relay_processes(local)
    for pid in victims:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(victims)


@pytest.fixture
def kills(local):
    made = Kills(local, Receiver().start())
    yield made
    made.close()


def test_every_event_arrives_though_receiver_relay_and_bus_were_away(kills):
    share = (JOBS - UNHEARD) // 3
    figures = {"jobs": JOBS}

    kills.receiver.stop()
    kills.submit(UNHEARD)
    eventually(lambda: kills.failed_tries() >= FAILURES, SHOWS_WITHIN, "failures")
    figures["tries_in_vain"] = kills.failed_tries()
    kills.receiver.start()

    before = kills.failed_batches()
    with ThreadPoolExecutor(1) as other:
        submitting = other.submit(kills.submit, JOBS - UNHEARD - 2 * share)
        figures["relays_killed"] = sum(kills.kill_relay() for _ in range(KILLS))
        submitting.result()
    figures["batches_cut_off"] = kills.failed_batches() - before
    assert figures["batches_cut_off"]

    for number, changes in enumerate(AWAY):
        before = kills.failed_batches()
        with kills.away(changes):
            kills.submit(share)
            enough = kills.failed_batches() + OUTAGE
            eventually(
                lambda least=enough: kills.failed_batches() >= least, SHOWS_WITHIN, "an outage"
            )
        figures[f"batches_without_bus_{number + 1}"] = kills.failed_batches() - before

    for name, heard in (("bus", kills.heard_on_the_bus), ("webhook", kills.heard_by_receiver)):
        eventually(lambda ask=heard: kills.expected() <= told(ask()).keys(), ALL_THERE_WITHIN, name)
        ids = told(heard())
        assert ids.keys() == kills.expected()
        assert [change for change, known in ids.items() if len(known) > 1] == []
        messages = sum(sum(known.values()) for known in ids.values())
        figures[name] = {"events": len(ids), "messages": messages}
    by_bus, by_webhook = told(kills.heard_on_the_bus()), told(kills.heard_by_receiver())
    assert {change: set(ids) for change, ids in by_bus.items()} == {
        change: set(ids) for change, ids in by_webhook.items()
    }
    print(json.dumps(figures))  # noqa: T201 - it is what `make kills` is for


def told(events):
    """The ids that each change was told with, and how often."""
    ids = defaultdict(Counter)
    for event in events:
        ids[event["subject"], event["type"]][event["id"]] += 1
    return ids
