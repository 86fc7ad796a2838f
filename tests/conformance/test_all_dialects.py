"""The five vendors and the native API side by side: one key, one workspace, one library."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests

from infra.node import use_packaged_node
from tests.conformance.vendors import SECONDS, Vendor, bearer_of, fetched
from tests.running import ROOT, eventually

# Where each is asked for an image, by what, how it accepts, and what that costs.
SUBMIT = {
    "supapost": ("/generate/image", {"prompt": "a pier"}, 202, 1),
    "powerpost": ("/api/v1/images/generate", {"prompt": "a pier"}, 200, 5),
    "dalnulla": ("/api/v1/generate-image", {"prompt": "a pier"}, 200, 10),
    "posteverywhere": ("/api/v1/ai/generate-image", {"prompt": "a pier"}, 201, 15),
    "qolaba": (
        "/api/v1/images/generate",
        {"prompt": "a pier", "model": "vertex/nano-banana-flash"},
        200,
        6,
    ),
}
NATIVE = ("/v1/jobs", {"prompt": "a pier"}, 202, 1)
DIALECTS = pytest.mark.parametrize("dialect", SUBMIT)


def headers(key, workspace):
    """What the five of them ask for, together: each passes over what is another's."""
    return {**bearer_of(key), "X-Workspace-Id": workspace}


def opened(local, workspace, credits_granted=10_000, **options):
    options = {"requests_per_minute": 100_000} | options
    return Vendor.opened(local, "", workspace, credits_granted, headers=headers, **options)


@pytest.fixture(scope="module")
def anyone(local):
    return opened(local, "anyone")


def as_client_of(dialect, client):
    return replace(client, dialect=dialect)


def submitted(client, dialect, **more):
    path, body, status, _ = SUBMIT[dialect]
    answer = as_client_of(dialect, client).post(path, body | more)
    assert answer.status_code == status, answer.text
    return answer.json()


def error_of(dialect, body):
    """What an error says, once it is of the dialect's own shape."""
    match dialect:
        case "supapost":
            assert (set(body), body["success"]) == ({"success", "message"}, False)
            return body["message"]
        case "powerpost":
            assert set(body) == {"error"}
            assert {"message", "code"} <= set(body["error"]) <= {"message", "code", "retryAfter"}
            return body["error"]["message"]
        case "dalnulla":
            assert set(body) <= {"error", "code", "model", "requiredTier"}
            assert isinstance(body["error"], str)
            return body["error"]
        case "posteverywhere":
            assert (set(body), body["data"]) == ({"data", "error", "meta"}, None)
            assert {"message", "code"} <= set(body["error"]) <= {"message", "code", "details"}
            return body["error"]["message"]
        case _:
            assert {"error", "message"} <= set(body) <= {"error", "message", "retryAfter"}
            return body["message"]


def jobs_ended(client, count):
    def look():
        jobs = client.native("/v1/jobs")["jobs"]
        done = [job for job in jobs if job["status"] not in {"pending", "processing"}]
        return jobs if len(done) == len(jobs) == count else None

    return eventually(look, SECONDS, f"the end of {count} jobs")


def test_what_is_made_through_each_is_in_the_library_of_all(local):
    client, native = opened(local, "all-at-once", 100), {"prompt": "a pier"}
    for dialect in SUBMIT:
        submitted(client, dialect)
    assert client.post(NATIVE[0], native, base=f"http://{client.host}").status_code == NATIVE[2]
    jobs = jobs_ended(client, 6)
    assert {job["status"] for job in jobs} == {"completed"}
    made = {image["id"] for job in jobs for image in job["images"]}
    assert len(made) == 6
    supapost, posteverywhere = (as_client_of(d, client) for d in ("supapost", "posteverywhere"))
    assert {media["id"] for media in client.native("/v1/media")["media"]} == made
    assert {asset["id"] for asset in supapost.get("/assets").json()["data"]} == made
    listed = posteverywhere.get("/media").json()["data"]["media"]
    assert {media["media_id"] for media in listed} == made
    credits_left = 100 - 1 - sum(price for *_, price in SUBMIT.values())
    powerpost = as_client_of("powerpost", client)
    assert powerpost.get("/api/v1/account/credits").json() == {"balance": credits_left}
    # An image of any of them can lead one of another.
    for media in made:
        answer = powerpost.post(SUBMIT["powerpost"][0], {"prompt": "a", "style_images": [media]})
        assert answer.status_code == 200, answer.text


def test_what_is_deleted_in_one_is_gone_from_all(local):
    client = opened(local, "gone-from-all")
    path = submitted(client, "dalnulla")["filePath"]
    [image] = submitted(client, "qolaba")["images"]
    submitted(client, "posteverywhere")
    dalnulla, supapost, powerpost, posteverywhere = (
        as_client_of(d, client) for d in ("dalnulla", "supapost", "powerpost", "posteverywhere")
    )
    assert dalnulla.get(f"/api/v1/files/{path}").status_code == 200
    assert fetched(image["url"]).status_code == 200
    for asset in supapost.get("/assets").json()["data"]:
        gone = posteverywhere.request("DELETE", f"/media/{asset['id']}")
        assert gone.status_code == 200, gone.text
        style = {"prompt": "a", "style_images": [asset["id"]]}
        assert powerpost.post(SUBMIT["powerpost"][0], style).status_code == 404
        assert fetched(asset["url"]).status_code == 404
        assert posteverywhere.get(f"/media/{asset['id']}/content").status_code == 404
    assert dalnulla.get(f"/api/v1/files/{path}").status_code == 404
    assert fetched(image["url"]).status_code == 404
    assert supapost.get("/assets").json()["data"] == client.native("/v1/media")["media"] == []


@pytest.mark.statement("P76", "D28", "F48", "F49", "F50", "F53")
def test_credits_that_do_not_suffice_are_told_in_each_ones_words(local):
    poor = opened(local, "poor-everywhere", 0)
    answers = {}
    for dialect, (path, body, *_) in SUBMIT.items():
        answer = as_client_of(dialect, poor).post(path, body)
        assert answer.status_code == 402
        error_of(dialect, answer.json())
        answers[dialect] = answer.json()
    answers["posteverywhere"].pop("meta")
    costs = "This job costs {} credits and 0 are available.".format
    assert answers == {
        "supapost": {"success": False, "message": costs(1)},
        "powerpost": {"error": {"message": costs(5), "code": "INSUFFICIENT_CREDITS"}},
        "dalnulla": {"error": "Insufficient credits. Required: 10, Remaining: 0"},
        "posteverywhere": {
            "data": None,
            "error": {
                "message": "Not enough credits. This model costs 15 credits but you have 0"
                " available.",
                "code": "insufficient_credits",
                "details": {
                    "credits_required": 15,
                    "credits_available": 0,
                    "model": "nano-banana-pro",
                },
            },
        },
        "qolaba": {"error": "Payment Required", "message": costs(6)},
    }
    native = poor.post(NATIVE[0], NATIVE[1], base=f"http://{poor.host}")
    assert (native.status_code, native.json()["code"]) == (402, "credits.insufficient")


@DIALECTS
def test_what_is_not_there_is_said_in_the_dialects_own_shape(anyone, dialect):
    client, path = as_client_of(dialect, anyone), SUBMIT[dialect][0]
    for method, wrong, status in (
        ("GET", "/nothing", 404),
        ("GET", "", 404),
        ("POST", "/v1/jobs", 404),
        ("GET", path, 405),
        ("DELETE", path, 405),
    ):
        answer = client.request(method, wrong)
        assert answer.status_code == status, wrong
        assert error_of(dialect, answer.json())
        assert answer.headers["x-request-id"]
    assert client.get(path).headers["allow"] == "POST"


@DIALECTS
def test_each_answers_at_the_root_of_a_host_of_its_name(anyone, dialect):
    path, body, status, _ = SUBMIT[dialect]
    port, root = anyone.local.file["port"], f"http://{anyone.host}"
    for host in (f"{dialect}.localhost:{port}", f"{dialect.title()}.example.com"):
        by_name = anyone.with_headers(Host=host)
        assert by_name.post(path, body, base=root).status_code == status
        assert error_of(dialect, by_name.get("/nothing", base=root).json())
        # The mount is a path like any other there.
        assert by_name.post(f"/{dialect}{path}", body, base=root).status_code == 404


def test_one_idempotency_key_is_one_job_of_each_dialect(local):
    client = opened(local, "repeats-everywhere").with_headers(**{"Idempotency-Key": "order-7"})
    for count, dialect in enumerate(SUBMIT, 1):
        first, again = (submitted(client, dialect) for _ in range(2))
        for body in (first, again):
            body.pop("meta", None)
        assert first == again
        assert len(client.native("/v1/jobs")["jobs"]) == count
        path, body, *_ = SUBMIT[dialect]
        other = as_client_of(dialect, client).post(path, body | {"prompt": "another pier"})
        assert other.status_code == 422
        assert "Idempotency-Key" in error_of(dialect, other.json())
    jobs_ended(client, len(SUBMIT))
    assert client.account()["spent"] == sum(price for *_, price in SUBMIT.values())


@pytest.mark.parametrize(
    ("dialect", "wrong"),
    [
        (
            "supapost",
            {"model": "google:imagen-4", "referenceImageUrl": "https://example.com/a.png"},
        ),
        ("powerpost", {"model": "gpt-image-1.5", "size": "feed"}),
        ("qolaba", {"mask_url": "https://example.com/mask.png"}),
        ("qolaba", {"model": "fal/flux-dev", "temperature": 1}),
    ],
)
def test_what_the_model_cannot_honour_is_refused_before_money_moves(local, dialect, wrong):
    # With no credit at all: it is judged before there is a question of paying.
    poor = opened(local, f"poor-{dialect}-{len(wrong)}", 0)
    path, body, *_ = SUBMIT[dialect]
    answer = as_client_of(dialect, poor).post(path, body | wrong)
    assert answer.status_code == 400
    assert error_of(dialect, answer.json())


@DIALECTS
def test_a_body_that_cannot_be_read_is_the_dialects_own_400(anyone, dialect):
    client, (path, body, *_) = as_client_of(dialect, anyone), SUBMIT[dialect]
    for content in (
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"null",
        json.dumps(body | {"prompt": 7}).encode(),
        json.dumps(body | {"model": ["a"]}).encode(),
        b'{"prompt": "a", "prompt": "b"}',
        b"[" * 100_000,
    ):
        answer = client.post(path, content=content)
        assert answer.status_code == 400, content[:40]
        assert error_of(dialect, answer.json())
        assert answer.headers["content-type"] == "application/json"


@DIALECTS
def test_every_answer_says_how_many_requests_are_left(anyone, dialect):
    client, (path, body, *_) = as_client_of(dialect, anyone), SUBMIT[dialect]
    for answer in (
        client.post(path, body),
        client.post(path, {}),
        client.get("/nothing"),
        client.post(path, body, headers={"Authorization": None}),
    ):
        limit, remaining, reset = (
            int(answer.headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset")
        )
        assert 0 <= remaining < limit
        assert reset % 60 == 0


@contextmanager
def damaged(client):
    """A field of the account's record is not there: a fault of ours, whatever is asked."""
    table = {
        "TableName": client.local.outputs["TableName"],
        "Key": {"pk": {"S": f"WS#{client.workspace}"}, "sk": {"S": "ACCOUNT"}},
    }
    dynamodb = client.local.aws.client("dynamodb")
    dynamodb.update_item(**table, UpdateExpression="REMOVE tier")
    try:
        yield
    finally:
        dynamodb.update_item(
            **table,
            UpdateExpression="SET tier = :tier",
            ExpressionAttributeValues={":tier": {"S": "free"}},
        )


@pytest.mark.statement("D31", "F22", "F24", "F25", "F55", "F58", "Q57", "Q60")
def test_a_fault_of_ours_is_said_in_each_ones_words_and_betrays_nothing(local):
    client = opened(local, "faulty")
    answers = {}
    with damaged(client):
        for dialect, (path, body, *_) in SUBMIT.items():
            answer = as_client_of(dialect, client).post(path, body)
            assert answer.status_code == 500
            assert "tier" not in error_of(dialect, answer.json())
            answers[dialect] = answer.json()
    assert answers["dalnulla"] == {"error": "Failed to generate image"}
    assert answers["posteverywhere"]["error"]["code"] == "internal_error"
    assert answers["powerpost"]["error"]["code"] == "INTERNAL_ERROR"
    assert answers["qolaba"]["error"] == "Internal Server Error"
    assert client.native("/v1/jobs")["jobs"] == []


FETCH = """
const [address, headers, body] = process.argv.slice(1);
const options = {method: "POST", headers: JSON.parse(headers), body};
const response = await fetch(address, options);
console.log(JSON.stringify([response.status, await response.json()]));
"""


def by_fetch(address, sent, body):
    chosen = {"JSII_NODE": "node"}
    use_packaged_node(chosen)
    done = subprocess.run(
        [
            chosen["JSII_NODE"],
            "--input-type=module",
            "--eval",
            FETCH,
            "--",
            address,
            json.dumps({**sent, "Content-Type": "application/json"}),
            json.dumps(body),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_requests(address, sent, body):
    answer = requests.post(address, headers=sent, json=body, timeout=60)
    return [answer.status_code, answer.json()]


@pytest.mark.parametrize("send", [by_fetch, by_requests])
@DIALECTS
def test_pythons_requests_and_nodes_fetch_are_served_alike(anyone, dialect, send):
    path, body, status, _ = SUBMIT[dialect]
    address = as_client_of(dialect, anyone).base + path
    answered, told = send(address, dict(anyone.headers), body)
    assert answered == status, told
    assert set(told) == set(submitted(anyone, dialect))
    answered, told = send(address, dict(anyone.headers), {"prompt": 7})
    assert answered == 400
    assert error_of(dialect, told)


@pytest.mark.statement("D36")
def test_pythons_requests_follow_a_path_to_the_file(anyone):
    path = submitted(anyone, "dalnulla")["filePath"]
    base = as_client_of("dalnulla", anyone).base
    for written in (path, quote(path, safe="")):
        address = f"{base}/api/v1/files/{written}"
        whole = requests.get(address, headers=bearer_of(anyone.key), timeout=60)
        assert (whole.status_code, whole.headers["content-type"]) == (200, "image/png")
        assert urlsplit(whole.url).netloc == anyone.host
        part = bearer_of(anyone.key) | {"Range": "bytes=0-9"}
        answer = requests.get(address, headers=part, timeout=60)
        assert (answer.status_code, answer.content) == (206, whole.content[:10])
        # A part is had after a redirect, and our key went no further than to us.
        assert "authorization" not in answer.request.headers
        assert urlsplit(answer.url).netloc != anyone.host


WITHOUT_QOLABA = """
from darkroom.dialects.registry import MOUNTED, choose, dialect
from tests.contexts import request
for path in ("/qolaba/api/v1/images/generate", "/dalnulla/api/v1/generate-image"):
    chosen, rest = choose(request(path, method="POST"))
    print(chosen.name, rest.path)
chosen, _ = choose(request("/api/v1/tasks/task_1", host="qolaba.example.com"))
print(chosen.name)
print(*MOUNTED)
print(*(dialect(name).name for name in MOUNTED))
"""


def test_deleting_the_files_of_a_dialect_removes_it_and_nothing_else(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "functions", tmp_path / "functions", ignore=ignored)
    shutil.rmtree(tmp_path / "functions" / "darkroom" / "dialects" / "vendors" / "qolaba")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_QOLABA],
        env={"PYTHONPATH": f"{tmp_path / 'functions'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    others = "supapost powerpost dalnulla posteverywhere"
    assert done.stdout.splitlines() == [
        "native /qolaba/api/v1/images/generate",
        "dalnulla /api/v1/generate-image",
        "native",
        others,
        others,
    ], done.stderr
