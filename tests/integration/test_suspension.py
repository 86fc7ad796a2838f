"""A suspended workspace is refused before anything is stored or charged, in every API's own way."""

import pytest

from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.money import Terms
from darkroom.settings import AdminSettings
from tests.integration.dialect_bodies import BODIES, IMAGES, nobody_waits, opened, sent

NATIVE_WRITES = [
    ("/v1/jobs", {"prompt": "a pier"}),
    ("/v1/jobs", {"prompt": "a pier", "dry_run": True}),
    ("/v1/captions", {"prompt": "a pier", "post_types": ["x-post"]}),
    ("/v1/media", {"url": "https://93.184.215.14/a.png"}),
    ("/v1/media/uploads", {"name": "a.png", "content_type": "image/png", "size": 9}),
]
COSTS = [
    *IMAGES.values(),
    *(case for case in BODIES if case[2].startswith(("/media", "/api/v1/content"))),
]


@pytest.fixture
def rich(system, monkeypatch):
    nobody_waits(monkeypatch)
    return opened(system)


def suspend(system, at="2026-11-29T03:00:00+00:00"):
    admin = AdminServices(AdminSettings.from_environment(system.environment))
    admin.accounts.change("rich", Terms(suspended_at=at))


def state(system):
    """All that is stored, but for the counts of requests and the mark that they take away."""
    counts = {"requests_this_minute", "minute", "of_keys", "last_job"}
    items = [
        {name: value for name, value in item.items() if name not in counts}
        for item in system.items()
    ]
    return sorted(map(str, items)), system.files(), system.messages()


@pytest.mark.parametrize(("path", "body"), NATIVE_WRITES)
def test_natively_it_is_a_problem_of_its_own(rich, path, body):
    suspend(rich)
    before = state(rich)
    answer = rich.http("POST", path, body)
    assert (answer.status, answer.json["code"]) == (403, "workspace.suspended")
    assert state(rich) == before


# What each vendor answers to a good key that may not do this.
SHAPES = {
    "supapost": (403, lambda body: body["success"] is False),
    "powerpost": (403, lambda body: body["error"]["code"] == "FORBIDDEN"),
    "dalnulla": (403, lambda body: body["error"]),
    "posteverywhere": (401, lambda body: body["error"]["code"] == "unauthorized"),
    "qolaba": (403, lambda body: body["error"]),
}


@pytest.mark.parametrize("case", COSTS, ids=lambda case: f"{case[0]} {case[2]}")
def test_each_api_says_so_in_its_own_shape_and_stores_nothing(rich, case):
    suspend(rich)
    before = state(rich)
    answer = sent(rich, case, BODIES[case])
    status, fits = SHAPES[case[0]]
    assert answer.status == status, answer.text
    assert fits(answer.json), answer.text
    assert "suspended" in answer.text
    assert state(rich) == before


def test_what_is_there_can_be_read_and_deleted(rich):
    job = rich.submit(width=64, height=64).json["id"]
    rich.work()
    suspend(rich)
    image = rich.http("GET", f"/v1/jobs/{job}").json["images"][0]
    assert rich.http("DELETE", f"/v1/media/{image['id']}").status == 204


def test_what_was_accepted_before_comes_to_its_end(rich):
    job = rich.submit(width=64, height=64).json["id"]
    suspend(rich)
    rich.work()
    assert rich.http("GET", f"/v1/jobs/{job}").json["status"] == "completed"


def test_it_is_refused_even_if_it_was_counted_before(rich):
    """The hold itself looks: the operator acts between the count and the transaction."""
    before = rich.http("GET", "/v1/account").json["credits"]
    events = rich.handlers["submit"]._api.ports.clients.get("dynamodb").meta.events

    def act(**_):
        suspend(rich)

    events.register("before-call.dynamodb.TransactWriteItems", act)
    answer = rich.submit()
    events.unregister("before-call.dynamodb.TransactWriteItems", act)
    assert (answer.status, answer.json["code"]) == (403, "workspace.suspended")
    assert rich.http("GET", "/v1/account").json["credits"] == before


def test_resumed_it_is_open_again(rich):
    suspend(rich)
    suspend(rich, at="")
    assert rich.submit().status == 202
