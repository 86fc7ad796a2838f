import json

from darkroom.bootstrap.admin import AdminServices
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits


def workspace(name, credits_granted=100, rpm=600, in_flight=100):
    admin = AdminServices(AdminSettings.from_environment())
    limits = Limits(requests_per_minute=rpm, max_in_flight=in_flight)
    admin.create_workspace(name, credits_granted, limits, "free")
    return admin


def key(admin, name, **more):
    return admin.key_service.create(name, scopes={"read", "generate"}, **more)[0]


def post(system, credential, **body):
    return system.http("POST", "/v1/jobs", {"prompt": "x", **body}, key=credential)


def test_the_limit_of_the_workspace_is_told_and_kept(system):
    admin = workspace("small", rpm=3)
    first, second = key(admin, "small"), key(admin, "small")
    answers = [post(system, credential) for credential in (first, second, first, second)]
    assert [answer.status for answer in answers] == [202, 202, 202, 429]
    assert answers[0].headers["ratelimit-policy"] == '"requests";q=3;w=60'
    assert answers[0].headers["ratelimit"].startswith('"requests";r=2;t=')
    assert answers[3].json["code"] == "rate.limited"
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60
    assert answers[3].headers["ratelimit"].startswith('"requests";r=0;t=')


def test_the_limit_of_a_key_is_its_own(system):
    admin = workspace("shared")
    narrow, wide = key(admin, "shared", requests_per_minute=1), key(admin, "shared")
    assert [post(system, narrow).status for _ in range(2)] == [202, 429]
    assert post(system, wide).status == 202


def test_reads_are_not_limited(system):
    credential = key(workspace("reader", rpm=1), "reader")
    job = post(system, credential).json["id"]
    polls = [system.http("GET", f"/v1/jobs/{job}", key=credential).status for _ in range(30)]
    assert polls == [200] * 30


def test_images_on_their_way_are_limited_and_make_room_when_they_arrive(system):
    credential = key(workspace("busy", in_flight=2), "busy")
    assert post(system, credential, n=2, width=64, height=64).status == 202
    refused = post(system, credential)
    assert (refused.status, refused.json["code"]) == (429, "images.too_many_in_flight")
    assert refused.headers["retry-after"] == "5"
    system.work()
    assert post(system, credential).status == 202


def test_a_dry_run_tells_the_price_and_leaves_nothing(system):
    before = len(system.items())
    quote = system.submit(n=4, aspect_ratio="16:9", resolution="2K", dry_run=True)
    assert quote.status == 200
    assert quote.json["dry_run"] is True
    assert (quote.json["width"], quote.json["height"]) == (2048, 1152)
    assert quote.json["credits"] == {
        "price": 2,
        "total": 8,
        "balance": 1000,
        "affordable": True,
    }
    assert (len(system.items()), system.messages()) == (before, [])


def test_a_dry_run_does_not_say_that_it_has_waited(system):
    body = {"prompt": "a pier", "dry_run": True}
    quote = system.http("POST", "/v1/jobs", body, headers={"prefer": "wait=10"})
    assert quote.status == 200
    assert "preference-applied" not in quote.headers


def test_a_dry_run_is_judged_as_the_real_one(system):
    assert system.submit(n=11, dry_run=True).json["code"] == "n.out_of_range"
    body = {"prompt": "a pier", "dry_run": True}
    for header, value in (("prefer", "wait=soon"), ("idempotency-key", "x" * 300)):
        refused = system.http("POST", "/v1/jobs", body, headers={header: value})
        assert (refused.status, refused.json["field"]) == (400, header.replace("-", "_"))


def test_the_balance_after_the_hold_is_in_the_answer(system):
    assert system.submit(n=3).json["credits"]["balance"] == 997


def test_what_a_caller_sends_in_confidence_is_in_no_log_line(system, caplog):
    token = "eyJhbGciOiJIUzI1NiJ9.Y2FuYXJ5LXRva2Vu.c2lnbmF0dXJl"
    system.submit(prompt="canary-prompt", negative_prompt="canary-negative", width=64, height=64)
    system.submit(prompt="canary-prompt", metadata={"canary-name": "canary-value"}, n=0)
    system.http("POST", "/v1/jobs", {"canary-field": 1})
    system.http("GET", "/v1/jobs/canary-path", query={"canary-query": "canary-value"})
    system.http("GET", "/v1/jobs", key=token)
    system.http("GET", "/v1/jobs", key="dk_test_canary-key")
    system.work()
    told = json.dumps([vars(record) for record in caplog.records], default=str)
    assert "canary" not in told
    assert token not in told
    assert system.key not in told
