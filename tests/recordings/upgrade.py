"""Records what this version stores and sends, for the tests of upgrades of later versions.

    python -m tests.recordings.upgrade 0.1.0

writes `upgrade/0.1.0/`: `table.json` (an item of every kind, of both tables), `queues.json`
(messages of each queue), `bus.json` (what the relay put there), `stream.json` (what the relay was
given), `bucket.json` (the objects' keys), `known.json` (what a client and an operator of that
version had: keys, ids, answers), and `folder.zip` (a `.darkroom` that `make run` has written).

When: after each release, from the code that was released, under its number, as a further folder
beside the older ones. The tests (tests/integration/test_upgrade.py, tests/e2e/test_upgrade.py) run
with each folder that is there. An older one is deleted only when no deployment can come from its
version any more; none is ever changed.

The items are of a day of the recording's own (`replay.DAY`), which the tests go on from; nothing
in them is of a real provider, and their keys open nothing but the tests' own systems.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import botocore.client
import pytest
from standardwebhooks.webhooks import Webhook

from tests.conformance.vendors import Site, an_image
from tests.integration.conftest import System
from tests.receiving import Receiver
from tests.recordings.replay import DAY, operated
from tests.recordings.upgrade_files import FOLDER, write
from tests.recordings.upgrade_folder import record_folder
from tests.recordings.upgrade_system import (
    ITS_MODEL,
    ITS_PLACE,
    ITS_SECRET,
    PREDICTION,
    QUEUES,
    answer_of,
    deliver,
    fail,
    intake_record,
    keep_account,
    message_of,
    recorded_system,
)

PICTURE = {"width": 64, "height": 64, "seed": 7}
MODEL_IN_TROUBLE = "flux-2-max"
TROUBLED_PLACE = "/models/black-forest-labs/flux-2-max/predictions"


@dataclass
class Recording:
    """A system with something of everything, and what its client and operator know."""

    system: System
    place: Site
    receiver: Receiver
    known: dict[str, Any] = field(default_factory=lambda: {"workspace": "acme"})
    bus: list[dict[str, Any]] = field(default_factory=list)
    stream: list[dict[str, Any]] = field(default_factory=list)
    # What was sent to each queue and is still there.
    queues: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def make(self) -> None:
        self.known["key"] = self.system.key
        with self._noting():
            self._operator()
            self._library()
            self._ended_jobs()
            self._deliveries()
            self._jobs_on_their_way()
            self._at_its_provider()
            self._intake()

    def _operator(self) -> None:
        operated(
            "key", "create", "acme", "--scope=read", "--label=a reader", "--requests-per-minute=60"
        )
        old = operated("key", "create", "acme", "--label=rotated")
        self.known["rotated_key"] = old["key"]
        operated("key", "rotate", "acme", old["id"])
        operated("models", "alias", "wan-2-6-image", "painter")
        operated("models", "alias", "midjourney-v7", "painter", "--workspace", "acme")
        operated("grant", "acme", 50, "--reference=invoice-1")
        keep_account(self.system, self.place)
        hook = self._post("/v1/webhooks", {"url": self.receiver.url})
        self.known |= {"webhook": hook["id"], "webhook_secret": hook["secret"]}
        away = {"url": f"{self.place.address}/away", "events": ["job.completed"]}
        self.known["webhook_away"] = self._post("/v1/webhooks", away)["id"]
        self._post("/v1/webhooks/default/rotate", {})
        shown = self.system.http("GET", "/v1/webhooks/default/secret").json
        self.known["default_secret"] = shown["key"]

    def _library(self) -> None:
        place = f"{self.place.address}/pier.png"
        self.known["media"] = self._post("/v1/media", {"url": place, "name": "pier.png"})["id"]
        self._work()
        begun = {"name": "later.png", "content_type": "image/png", "size": len(an_image())}
        self.known["upload"] = self._post("/v1/media/uploads", begun)["id"]
        self.known["import"] = self._post("/v1/media/uploads", begun)["id"]
        shelf = {
            "name": "Piers",
            "images": [self.known["media"]],
            "attributes": {"season": "winter"},
        }
        self.known["collection"] = self._post("/v1/collections", shelf)["id"]

    def _ended_jobs(self) -> None:
        body = {
            "prompt": "a pier at dawn",
            **PICTURE,
            "n": 2,
            "collection": self.known["collection"],
        }
        order = {"idempotency-key": "order-1"}
        self.known |= {
            "idempotent_body": body,
            "completed": self._post("/v1/jobs", body, order)["id"],
        }
        self._captions("captions")
        self.known["failed"] = self._job(model=ITS_MODEL)
        self.place.answers[ITS_PLACE] = answer_of("failed", error="E005: flagged as sensitive")
        # One that fails on its provider's side: other workers are told of it.
        self.known["troubled"] = self._job(model=MODEL_IN_TROUBLE)
        self.place.answers[TROUBLED_PLACE] = lambda _: None
        self._work()
        self.known["idempotent_answer"] = self._post("/v1/jobs", body, order)
        self.known["canceled"] = canceled = self._job(n=2)
        self._post(f"/v1/jobs/{canceled}/cancel", {})
        self._take("IMAGES_QUEUE_URL")

    def _deliveries(self) -> None:
        """Of what happened so far: some have arrived, one is to be tried again."""
        self.place.answers["/away"] = lambda _: None
        self.stream = self.system.changes()
        self.system.handlers["relay"].handler({"Records": self.stream}, None)
        # One that no delivery worker has tried.
        [*tried, last] = self._take("WEBHOOKS_QUEUE_URL")
        self._deliver(tried)
        self.queues["WEBHOOKS_QUEUE_URL"] = [last]
        self.known["undelivered"] = json.loads(last["body"])["delivery"]
        unreadable = {
            "eventID": "1",
            "eventName": "MODIFY",
            "dynamodb": {"Keys": {"pk": {"S": "x"}}},
        }
        self.system.handlers["relay"].handler({"Records": [unreadable]}, None)

    def _jobs_on_their_way(self) -> None:
        self.known["queued"] = self._job(webhook={"url": self.receiver.url})
        self._captions("queued_captions")
        self.known["lost"] = self._job()
        self._last_of("lost")
        self.known["dead"] = self._job()
        self.queues["DEAD_LETTER_QUEUE_URL"] = [self._last_of("dead")]
        self.known["interrupted"] = self._job()
        with pytest.MonkeyPatch.context() as patch:
            fail(patch, "PutObject")
            interrupted = self.queues[self._queue_of("interrupted")][-1]
            with pytest.raises(Exception, match="PutObject"):
                self.system.work([message_of(interrupted)])
        self.known["backlog"] = self._job(n=6)
        self.system.clients["s3"].put_object(
            Bucket=self.system.environment["BUCKET_NAME"],
            Key=f"uploads/{self.known['import']}",
            Body=an_image(),
            ContentType="image/png",
        )
        self._post(f"/v1/media/{self.known['import']}/complete", {})

    def _at_its_provider(self) -> None:
        self.place.answers[ITS_PLACE] = answer_of("starting")
        for name in ("at_provider", "called_back"):
            self.known[name] = job = self._job(model=ITS_MODEL)
            self.system.work([message_of(self._last_of(name))])
        # The second one's provider says itself that it is done.
        self._last_of(name)
        [item] = [one for one in self.system.items() if one["sk"]["S"] == f"JOB#{job}"]
        token = item["slots"]["M"]["0"]["M"]["parked"]["M"]["token"]["S"]
        body = json.dumps({"id": PREDICTION, "status": "succeeded"}).encode()
        now = datetime.now(UTC)  # as the event has it, in which it comes
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(ITS_SECRET).sign("msg_1", now, body.decode()),
        }
        path = f"/v1/callbacks/acme/{job}/0/{token}"
        assert self.system.http("POST", path, body, key="", headers=headers).status == 200

    def _intake(self) -> None:
        request = {"prompt": "a pier at dawn", **PICTURE}
        wanted = {"workspace": "acme", "client_token": "order-2", "request": request}
        self.queues["INTAKE_QUEUE_URL"] = [{"body": json.dumps(wanted)}]
        operated("workspace", "create", "small", "--credits", 100, "--max-in-flight", 1)
        wanted = [{**wanted, "workspace": "small", "client_token": name} for name in "ab"]
        # The second one is put off, and one that asks for nothing is rejected.
        for number, one in enumerate([*wanted, {"workspace": "acme", "request": {"prompt": 7}}]):
            record = intake_record(json.dumps(one), f"message-{number}", DAY)
            self.system.handlers["intake"].handler({"Records": [record]}, None)

    def _post(self, path: str, body: Any, headers: Any = None) -> Any:
        answer = self.system.http("POST", path, body, headers=headers)
        assert answer.status < 300, answer
        return answer.json

    def _job(self, **more: Any) -> str:
        made: str = self._post("/v1/jobs", {"prompt": "a pier at dawn", **PICTURE, **more})["id"]
        return made

    def _captions(self, name: str) -> None:
        body = {"prompt": "a pier", "post_types": ["x-post"], "media": [self.known["media"]]}
        self.known[name] = self._post("/v1/captions", body)["id"]

    def _take(self, queue: str) -> list[dict[str, Any]]:
        taken, self.queues[queue] = self.queues[queue], []
        return taken

    def _work(self) -> None:
        for queue in ("IMAGES_QUEUE_URL", "BACKLOG_QUEUE_URL"):
            self.system.work([message_of(one) for one in self._take(queue)])

    def _deliver(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            deliver(self.system, message)

    def _last_of(self, name: str) -> dict[str, Any]:
        """The message that was sent last, of this job: out of its queue."""
        return self.queues[self._queue_of(name)].pop()

    def _queue_of(self, name: str) -> str:
        job = self.known[name]
        return next(
            queue for queue, sent in self.queues.items() if sent and job in sent[-1]["body"]
        )

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """What is sent to a queue or put on the bus, as it is sent."""
        call = botocore.client.BaseClient._make_api_call
        names = {self.system.environment[name]: name for name in QUEUES}

        def noted(client: Any, operation: str, given: dict[str, Any]) -> Any:
            answer = call(client, operation, given)
            if operation == "SendMessage":
                self.queues[names[given["QueueUrl"]]].append(_sent(given))
            elif operation == "SendMessageBatch":
                self.queues[names[given["QueueUrl"]]] += map(_sent, given["Entries"])
            elif operation == "PutEvents":
                self.bus += given["Entries"]
            return answer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(botocore.client.BaseClient, "_make_api_call", noted)
            yield


def _sent(given: dict[str, Any]) -> dict[str, Any]:
    attributes = given.get("MessageAttributes")
    return {"body": given["MessageBody"], **({"attributes": attributes} if attributes else {})}


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.recordings.upgrade")
    asked.add_argument("version")
    folder = FOLDER / asked.parse_args().version
    folder.mkdir(parents=True)
    with recorded_system() as (system, place, receiver, _):
        recording = Recording(system, place, receiver)
        recording.make()
        write(recording, folder)
    record_folder(folder / "folder.zip")
    return 0


if __name__ == "__main__":
    sys.exit(main())
