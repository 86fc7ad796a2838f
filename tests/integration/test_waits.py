"""How many requests may wait at once: three of a key and five of a workspace, in these tests.

A request that waits sleeps between its looks. In these tests the next request comes while it
sleeps, so that each waits inside the one before until one is answered at once.
"""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from darkroom.aws.waits import PERIOD_SECONDS
from darkroom.bootstrap.admin import AdminServices
from darkroom.settings import AdminSettings


@pytest.fixture
def keys(system):
    ring = AdminServices(AdminSettings.from_environment()).key_service
    return [ring.create("acme", scopes={"read", "generate"})[0] for _ in range(2)]


class Waiting:
    """Requests inside each other, each made while the one before waits for `job`."""

    def __init__(self, system, monkeypatch, requests):
        self.system, self.requests = system, list(requests)
        self.answers, self.slept = [], 0
        self.job = system.submit().json["id"]
        monkeypatch.setattr("darkroom.clock_and_ids.time.sleep", self.sleep)

    def sleep(self, _seconds):
        self.slept += 1
        if self.requests:
            self.ask()
        else:
            self.end()

    def ask(self):
        self.answers.append(self.requests.pop(0)())
        self.end()

    def end(self):
        self.system.http("POST", f"/v1/jobs/{self.job}/cancel")

    def poll(self, key):
        return lambda: self.system.http(
            "GET", f"/v1/jobs/{self.job}", key=key, query={"wait": "20"}
        )

    def were_cut(self):
        """In the order in which the requests came: the innermost was answered first."""
        applied = [answer.headers.get("preference-applied") for answer in self.answers]
        return [text == "wait=0" for text in reversed(applied)]


def test_a_key_may_wait_so_often_and_then_is_answered_at_once(system, keys, monkeypatch):
    waiting = Waiting(system, monkeypatch, [])
    waiting.requests = [waiting.poll(keys[0]) for _ in range(4)]
    waiting.ask()
    assert waiting.were_cut() == [False, False, False, True]
    assert [answer.status for answer in waiting.answers] == [200] * 4
    assert waiting.answers[0].json["status"] == "pending"
    assert {answer.json["status"] for answer in waiting.answers[1:]} == {"canceled"}


def test_a_workspace_may_wait_so_often_with_all_its_keys(system, keys, monkeypatch):
    waiting = Waiting(system, monkeypatch, [])
    waiting.requests = [waiting.poll(keys[number % 2]) for number in range(6)]
    waiting.ask()
    assert waiting.were_cut() == [False] * 5 + [True]


def test_a_wait_that_ended_makes_room(system, keys, monkeypatch):
    for _ in range(8):
        waiting = Waiting(system, monkeypatch, [])
        waiting.requests = [waiting.poll(keys[0])]
        waiting.ask()
        assert waiting.were_cut() == [False]
        assert waiting.slept == 1


def test_a_submit_and_an_upload_do_not_wait_either_and_are_no_error(system, keys, monkeypatch):
    waiting = Waiting(system, monkeypatch, [])

    def submit():
        body, headers = {"prompt": "x"}, {"prefer": "wait=20"}
        return system.http("POST", "/v1/jobs", body, key=keys[0], headers=headers)

    waiting.requests = [*(waiting.poll(keys[0]) for _ in range(3)), submit]
    waiting.ask()
    assert waiting.were_cut() == [False, False, False, True]
    assert (waiting.answers[0].status, waiting.answers[0].json["status"]) == (202, "pending")


def test_functions_that_died_while_they_waited_are_forgotten(system):
    ports = system.handlers["status"]._api.ports
    waits, now = ports.waits, ports.clock.now()
    for _ in range(3):
        assert waits.begin("acme", "key", now)
    assert waits.begin("acme", "key", now) is None
    assert waits.begin("acme", "key", now + timedelta(seconds=PERIOD_SECONDS))


def test_an_end_of_the_period_before_is_not_counted_in_the_next(system):
    ports = system.handlers["status"]._api.ports
    waits, now = ports.waits, ports.clock.now()
    late = waits.begin("acme", "key", now)
    then = now + timedelta(seconds=PERIOD_SECONDS)
    for _ in range(3):
        assert waits.begin("acme", "key", then)
    waits.end(late)
    assert waits.begin("acme", "key", then) is None


def test_nobody_waits_while_the_count_cannot_be_made(system, monkeypatch):
    def throttled(**_arguments):
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")

    job = system.submit().json["id"]
    waits = system.handlers["status"]._api.ports.waits
    monkeypatch.setattr(waits._table._client, "update_item", throttled)
    answer = system.http("GET", f"/v1/jobs/{job}", query={"wait": "20"})
    assert answer.status == 200
    assert answer.headers["preference-applied"] == "wait=0"


def test_a_job_that_was_accepted_is_told_of_though_its_wait_cannot_be_taken_out(
    system, monkeypatch
):
    waits = system.handlers["submit"]._api.ports.waits
    honest = waits._table._client.update_item

    def refused(**arguments):
        if "waiting - :one" in arguments["UpdateExpression"]:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem")
        return honest(**arguments)

    monkeypatch.setattr(waits._table._client, "update_item", refused)
    body = {"prompt": "x"}
    answer = system.http("POST", "/v1/jobs", body, headers={"prefer": "wait=1"})
    assert answer.status == 202
