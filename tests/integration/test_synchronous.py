"""Calls whose answer brings the images: redirects to the wait, and repeats that join a job.

The clock is the functions' own; only its sleep passes at once.
"""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from darkroom.bootstrap.admin import AdminServices
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits
from tests.integration.dialect_bodies import another_key

# Route and body of each, and the statuses of a call that has not, and that has, its images.
ROUTES = {
    "dalnulla": ("/dalnulla/api/v1/generate-image", {"prompt": "a pier"}, 200),
    "qolaba": (
        "/qolaba/api/v1/images/generate",
        {"model": "vertex/nano-banana-flash", "prompt": "a pier"},
        200,
    ),
    "posteverywhere": ("/posteverywhere/ai/generate-image", {"prompt": "a pier"}, 201),
}
REDIRECTS = 9


class World:
    """A client, and how long the functions have slept for it."""

    def __init__(self, system, passed_time, dialect):
        self.system, self._passed = system, passed_time
        self.path, self.body, self.made = ROUTES[dialect]

    @property
    def passed(self):
        return self._passed[0].total_seconds()

    def call(self, number=None, *, key=None, **headers):
        if number is not None:
            headers["x-stainless-retry-count"] = str(number)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.system.http("POST", self.path, self.body, key=key, headers=headers)

    def follow(self, answer, **options):
        assert answer.status == 303
        to = urlsplit(answer.headers["location"])
        return self.system.http("GET", to.path, query=dict(parse_qsl(to.query)), **options)

    def jobs(self):
        return self.system.http("GET", "/v1/jobs").json["jobs"]

    def account(self):
        return self.system.http("GET", "/v1/account").json["credits"]


@pytest.fixture(params=ROUTES)
def world(system, passed_time, request):
    return World(system, passed_time, request.param)


@pytest.fixture
def dalnulla(system, passed_time):
    return World(system, passed_time, "dalnulla")


def test_before_the_gateway_gives_up_the_answer_leads_to_the_wait(world):
    answer = world.call()
    assert 0 < world.passed < 26
    assert answer.status == 303
    assert answer.headers["location"].startswith(f"{world.path}?darkroom_job=")
    assert answer.headers["darkroom-job"] in answer.headers["location"]
    assert answer.json  # what the API says of images that are being made
    world.system.work()
    done = world.follow(answer)
    assert done.status == world.made
    assert done.headers["darkroom-job"] == answer.headers["darkroom-job"]
    assert len(world.jobs()) == 1


def test_following_makes_no_job_and_ends_in_send_it_again(world):
    answer = world.call()
    for _ in range(REDIRECTS - 1):
        answer = world.follow(answer)
    last = world.follow(answer)
    assert 26 < world.passed < 260
    assert last.status == 503
    assert (last.headers["retry-after"], last.headers["x-should-retry"]) == ("2", "true")
    job = last.headers["darkroom-job"]
    assert job in last.text
    # A client that says nothing of its tries joins once.
    again = world.call()
    assert again.headers["darkroom-job"] == job
    assert len(world.jobs()) == 1
    assert world.call().headers["darkroom-job"] != job


def test_a_repeat_that_says_so_joins_its_call_and_is_charged_once(world):
    first = world.call(0)
    price = world.account()["held"]
    second = world.call(1)
    assert first.headers["darkroom-job"] == second.headers["darkroom-job"]
    world.system.work()
    third = world.call(2)
    assert third.status == world.made
    assert world.account()["spent"] == price
    assert len(world.jobs()) == 1


def test_a_repeat_joins_though_no_credit_is_left_for_a_second(dalnulla, system):
    first = dalnulla.call(0)
    price = 1000 - dalnulla.account()["balance"]
    AdminServices(AdminSettings.from_environment()).create_workspace(
        "poor", price, Limits(max_in_flight=10), "free"
    )
    key = another_key(system, "poor").key
    first, second = (dalnulla.call(number, key=key) for number in (0, 1))
    assert first.headers["darkroom-job"] == second.headers["darkroom-job"]
    assert dalnulla.call(0, key=key).status == 402


def test_equal_calls_are_two_jobs_and_each_repeat_joins_one(dalnulla):
    jobs = {dalnulla.call(0).headers["darkroom-job"] for _ in range(2)}
    assert len(jobs) == 2
    assert {dalnulla.call(1).headers["darkroom-job"] for _ in range(2)} == jobs


def test_a_client_with_many_repeats_joins_with_each(dalnulla):
    jobs = {dalnulla.call(number).headers["darkroom-job"] for number in (0, 9, 10, 11, 999)}
    assert len(jobs) == 1


def test_another_body_key_or_route_joins_nothing(dalnulla, system):
    first = dalnulla.call(0).headers["darkroom-job"]
    dalnulla.body = {"prompt": "another pier"}
    assert dalnulla.call(1).headers["darkroom-job"] != first


def test_an_idempotency_key_joins_as_it_does_everywhere(dalnulla):
    first, second = (dalnulla.call(idempotency_key="k") for _ in range(2))
    assert first.headers["darkroom-job"] == second.headers["darkroom-job"]


def test_a_client_that_follows_nothing_is_asked_to_come_again(dalnulla):
    answer = dalnulla.call(user_agent="n8n")
    assert answer.status == 503
    dalnulla.system.work()
    again = dalnulla.call(user_agent="n8n")
    assert (again.status, len(dalnulla.jobs())) == (200, 1)


def test_beyond_the_cap_on_waits_a_call_is_asked_to_come_again(dalnulla):
    ports = dalnulla.system.handlers["submit"]._api.ports
    for number in range(5):  # as many as a workspace may have here
        ports.waits.begin("acme", f"key-{number}", ports.clock.now())
    answer = dalnulla.call()
    assert (answer.status, dalnulla.passed) == (503, 0)
    assert answer.headers["x-should-retry"] == "true"
    again = dalnulla.call()
    assert again.headers["darkroom-job"] == answer.headers["darkroom-job"]


def test_the_wait_of_another_key_of_another_workspace_is_not_there(dalnulla, system):
    answer = dalnulla.call()
    assert dalnulla.follow(answer, key="").status == 401
    AdminServices(AdminSettings.from_environment()).create_workspace(
        "other", 10, Limits(max_in_flight=10), "free"
    )
    assert dalnulla.follow(answer, key=another_key(system, "other").key).status == 404


@pytest.mark.parametrize("job", ["", "not-an-id", "019aa6c5-4c00-7a31-9d0e-5b7c1f2e3a40"])
def test_a_wait_for_no_job_is_not_found(dalnulla, job):
    answer = dalnulla.system.http("GET", dalnulla.path, query={"darkroom_job": job})
    assert answer.status == 404


def test_the_path_is_for_calls_where_no_job_is_named(dalnulla):
    answer = dalnulla.system.http("GET", dalnulla.path)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_job_of_another_route_cannot_be_waited_for_here(dalnulla, system):
    job = system.submit().json["id"]
    answer = system.http("GET", dalnulla.path, query={"darkroom_job": job})
    assert answer.status == 404


def test_a_call_that_fails_says_so_at_the_end_of_its_wait(dalnulla):
    answer = dalnulla.call()
    dalnulla.system.http("POST", f"/v1/jobs/{answer.headers['darkroom-job']}/cancel")
    assert dalnulla.follow(answer).status == 500


def test_a_query_stays_on_the_way(dalnulla, system):
    answer = system.http("POST", dalnulla.path, dalnulla.body, query={"api-version": "1 2"})
    assert "api-version=1+2" in answer.headers["location"]
    assert re.search(r"darkroom_redirect=1$", answer.headers["location"])
    assert dalnulla.follow(answer).headers["location"].endswith("darkroom_redirect=2")


def test_every_answer_about_a_job_names_it(system):
    accepted = system.submit()
    job = accepted.json["id"]
    assert accepted.headers["darkroom-job"] == job
    assert system.http("GET", f"/v1/jobs/{job}").headers["darkroom-job"] == job
