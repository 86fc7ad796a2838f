"""How many requests may wait at once: three of a key and five of a workspace, in these tests.

A request that waits sleeps between its looks. In these tests the next request comes while it
sleeps, so that each waits inside the one before until one is answered at once.
"""

from contextlib import nullcontext
from datetime import timedelta
from functools import partial

import pytest
from botocore.exceptions import ClientError

from darkroom.aws.waits import PERIOD_SECONDS
from darkroom.bootstrap.admin import AdminServices
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits
from tests.integration.conftest import running_system


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


@pytest.fixture
def capped():
    with running_system(WAITS_PER_FUNCTION="2") as system:
        yield system


def keys_of_all(count):
    admin = AdminServices(AdminSettings.from_environment())
    for number in range(count):
        admin.create_workspace(f"other-{number}", 1000, Limits(max_in_flight=1000), "free")
        yield admin.key_service.create(f"other-{number}", scopes={"read", "generate"})[0]


def waits_inside(system, monkeypatch, keys, request):
    """How each request of these workspaces was cut, and their answers, the first one last."""
    waiting = Waiting(system, monkeypatch, [])
    jobs = {
        key: system.http("POST", "/v1/jobs", {"prompt": "x"}, key=key).json["id"] for key in keys
    }

    def end():
        for key, job in jobs.items():
            system.http("POST", f"/v1/jobs/{job}/cancel", key=key)

    waiting.end = end
    waiting.requests = [partial(request, key, jobs[key]) for key in keys]
    waiting.ask()
    return waiting


def test_all_workspaces_together_wait_in_a_share_of_the_function_alone(capped, monkeypatch):
    def poll(key, job):
        return capped.http("GET", f"/v1/jobs/{job}", key=key, query={"wait": "20"})

    keys = list(keys_of_all(4))
    waiting = waits_inside(capped, monkeypatch, keys, poll)
    # The third is answered at once, which ends all jobs: the fourth never had to wait.
    assert waiting.were_cut()[:3] == [False, False, True]
    assert {answer.status for answer in waiting.answers} == {200}
    # They are over, and taken out.
    assert waits_inside(capped, monkeypatch, keys[:2], poll).were_cut() == [False, False]


def test_waits_of_reads_do_not_cut_those_of_submits(capped, monkeypatch):
    status, submit = (capped.handlers[name]._api.ports for name in ("status", "submit"))
    now = status.clock.now()
    held = [status.waits.begin(f"w-{number}", "key", now) for number in range(2)]
    assert all(held)
    assert status.waits.begin("w-3", "key", now) is None
    assert submit.waits.begin("w-3", "key", now)
    status.waits.end(held[0])
    assert status.waits.begin("w-3", "key", now)


def test_what_the_function_has_no_room_for_does_not_count_for_its_workspace(capped):
    ports = capped.handlers["status"]._api.ports
    now = ports.clock.now()
    held = [ports.waits.begin(f"w-{number}", "key", now) for number in range(2)]
    for _ in range(9):
        assert ports.waits.begin("acme", "key", now) is None
    for one in held:
        ports.waits.end(one)
    assert ports.waits.begin("acme", "key", now)


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException"])
def test_a_place_is_given_back_when_the_function_cannot_be_counted(capped, monkeypatch, code):
    ports = capped.handlers["status"]._api.ports
    waits, now = ports.waits, ports.clock.now()
    honest = waits._table._client.update_item

    def failing_for_the_function(**arguments):
        if arguments["Key"]["pk"]["S"].startswith("function:"):
            raise ClientError({"Error": {"Code": code}}, "UpdateItem")
        return honest(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr(waits._table._client, "update_item", failing_for_the_function)
        for _ in range(9):
            with nullcontext() if code.startswith("Throttling") else pytest.raises(ClientError):
                assert waits.begin("acme", "key", now) is None
    assert waits.begin("acme", "key", now)


@pytest.mark.parametrize("variable", ["WAITS_PER_FUNCTION", "WAITS_PER_KEY"])
def test_where_none_may_wait_not_even_the_first_does(variable):
    with running_system(**{variable: "0"}) as system:
        ports = system.handlers["status"]._api.ports
        assert ports.waits.begin("acme", "key", ports.clock.now()) is None


def test_a_request_that_does_not_wait_is_counted_nowhere(capped):
    job = capped.submit().json["id"]
    capped.calls.clear()
    capped.http("GET", f"/v1/jobs/{job}")
    assert "UpdateItem" not in capped.calls


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
