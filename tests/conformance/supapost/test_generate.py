"""POST /generate/image and the polling of its job, statement by statement."""

from __future__ import annotations

import json
import re
import threading
import time
from urllib.parse import urlsplit

import pytest
from PIL import ImageStat

from tests.conformance.vendors import (
    SECONDS,
    UUID,
    Worker,
    an_image,
    assert_is_image,
    fetched,
    site,
)
from tests.running import STACK, eventually


@pytest.mark.statement("S1", "S2", "S7", "S19", "S20", "S21", "S22", "S23")
def test_a_submit_is_answered_at_once_with_the_id_of_a_pending_job(supapost):
    answer = supapost.post("/generate/image", {"prompt": "a red boat"})
    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"jobId", "status"}
    assert body["status"] == "pending"
    assert re.fullmatch(UUID, body["jobId"])


@pytest.mark.statement("S1")
def test_the_path_has_no_prefix_and_stands_at_the_root_of_a_host_of_that_name(supapost):
    port = supapost.local.file["port"]
    by_name = supapost.with_headers(Host=f"supapost.localhost:{port}")
    root = f"http://{supapost.host}"
    answer = by_name.post("/generate/image", {"prompt": "a red boat"}, base=root)
    assert answer.status_code == 202
    job = answer.json()["jobId"]
    assert by_name.get(f"/jobs/{job}", base=root).json()["id"] == job
    assert supapost.post("/api/v1/generate/image", {"prompt": "a red boat"}).status_code == 404


@pytest.mark.statement("S19", "S24")
def test_nothing_is_made_within_the_request_but_by_the_queue_behind_it(supapost, finished):
    with Worker(supapost.local).held():
        # Whatever a client would prefer: there is no synchronous mode.
        answer = supapost.post("/generate/image", {"prompt": "a pier"})
        assert answer.status_code == 202
        job = answer.json()["jobId"]
        assert supapost.get(f"/jobs/{job}").json()["status"] == "pending"
    assert finished(supapost, job)["status"] == "completed"


@pytest.mark.statement("S25", "S26", "S27", "S28", "S30")
def test_a_job_reads_pending_then_processing_then_completed_with_the_address(supapost, finished):
    may_go_on = threading.Event()

    def slow():
        may_go_on.wait(SECONDS)
        return an_image()

    try:
        with site() as web:
            body = {"prompt": "a pier", "referenceImageUrl": web.serve("/slow.png", slow)}
            with Worker(supapost.local).held():
                job = supapost.post("/generate/image", body).json()["jobId"]
                waiting = supapost.get(f"/jobs/{job}").json()
            eventually(lambda: web.asked, SECONDS, "the worker at the reference")
            working = supapost.get(f"/jobs/{job}").json()
            may_go_on.set()
            done = finished(supapost, job)
    finally:
        may_go_on.set()
    assert [seen["status"] for seen in (waiting, working, done)] == [
        "pending",
        "processing",
        "completed",
    ]
    for seen in (waiting, working, done):
        assert set(seen) == {
            "id",
            "type",
            "status",
            "result",
            "error",
            "created_at",
            "updated_at",
        }
        assert (seen["id"], seen["type"], seen["error"]) == (job, "image_gen", None)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", seen["created_at"])
    assert waiting["result"] is working["result"] is None
    assert set(done["result"]) == {"url", "width", "height", "contentType"}


@pytest.mark.statement("S30", "S37")
def test_a_job_that_fails_says_so_and_costs_nothing(supapost, finished):
    before = supapost.account()["balance"]
    with site() as web:
        body = {"prompt": "a pier", "referenceImageUrl": f"{web.address}/nothing.png"}
        job = finished(supapost, supapost.post("/generate/image", body).json()["jobId"])
    assert job["status"] == "failed"
    assert job["result"] is None
    assert "nothing.png" in job["error"]
    assert supapost.account()["balance"] == before


@pytest.mark.statement("S28", "S29", "S36")
def test_the_address_of_the_result_is_of_a_jpeg_that_anybody_can_have(supapost, made):
    result = made(supapost, aspectRatio="16:9")["result"]
    address = urlsplit(result["url"])
    assert address.netloc == supapost.host
    assert address.path.endswith(".jpg")
    answer = fetched(result["url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == result["contentType"] == "image/jpeg"
    assert_is_image(answer.content, "JPEG", result["width"], result["height"])


@pytest.mark.statement("S27", "S29")
def test_behind_tls_as_on_aws_the_address_is_https_on_the_host_that_was_asked(supapost, made):
    job = made(supapost)["id"]
    # This machine's front has no TLS: the same function gets the event that AWS would send.
    event = {
        "rawPath": f"/jobs/{job}",
        "headers": {
            "host": "supapost.example.com",
            "x-forwarded-proto": "https",
            "authorization": f"Bearer {supapost.key}",
        },
        "requestContext": {
            "http": {"method": "GET", "sourceIp": "203.0.113.7"},
            "requestId": "one",
            "domainName": "supapost.example.com",
            "timeEpoch": int(time.time() * 1000),
        },
    }
    answer = supapost.local.aws.client("lambda").invoke(
        FunctionName=f"{STACK}-status", Payload=json.dumps(event)
    )
    url = json.loads(json.load(answer["Payload"])["body"])["result"]["url"]
    assert re.match(r"https://supapost\.example\.com/[^?]+\.jpg\?", url)


@pytest.mark.statement("S32")
def test_the_finished_image_lies_in_object_storage(supapost, made):
    result = made(supapost)["result"]
    name = urlsplit(result["url"]).path.rpartition("/")[2]
    kept = supapost.local.aws.client("s3").get_object(
        Bucket=supapost.local.outputs["BucketName"], Key=f"media/{name}"
    )
    assert kept["Body"].read() == fetched(result["url"]).content


@pytest.mark.statement("S33")
def test_the_finished_image_is_in_the_library_of_the_team(supapost, made, asset_of):
    job = made(supapost, prompt="a lighthouse in fog", model="fal:flux-dev")
    asset = asset_of(supapost, job)
    assert asset["metadata"] == {
        "prompt": "a lighthouse in fog",
        "model": "flux-dev",
        "jobId": job["id"],
    }
    assert urlsplit(asset["url"]).path == urlsplit(job["result"]["url"]).path
    assert (asset["width"], asset["height"]) == (1024, 1024)
    assert asset["content_type"] == "image/jpeg"
    assert asset["size_bytes"] == len(fetched(job["result"]["url"]).content)
    assert asset["source"] == "generated"


@pytest.mark.statement("S3", "S5", "S6", "S37")
@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer dk_local_nobody", "{key}", "Basic {key}", "Token {key}"]
)
def test_neither_submit_nor_poll_is_open_without_the_bearers_key(supapost, header):
    header = header and header.format(key=supapost.key)
    body = {"prompt": "a red boat"}
    job = supapost.post("/generate/image", body).json()["jobId"]
    for answer in (
        supapost.post("/generate/image", body, headers={"Authorization": header}),
        supapost.get(f"/jobs/{job}", headers={"Authorization": header}),
    ):
        assert answer.status_code == 401
        assert answer.json()["success"] is False


@pytest.mark.statement("S7", "S18", "S37")
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": " "}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"model": "flux-schnell"}, "model"),
        ({"model": "fal:nothing"}, "model"),
        ({"aspectRatio": "9x16"}, "aspectRatio"),
        ({"referenceImageUrl": "ftp://example.com/a.png"}, "referenceImageUrl"),
        ({"referenceImageUrl": "http://169.254.169.254/latest"}, "referenceImageUrl"),
        ({"referenceStrength": 1.01}, "referenceStrength"),
        ({"referenceStrength": -0.01}, "referenceStrength"),
        ({"referenceStrength": "0.5"}, "referenceStrength"),
    ],
)
def test_a_body_that_is_not_as_documented_is_refused_and_the_field_named(supapost, wrong, named):
    body = {"prompt": "a red boat"} | wrong
    answer = supapost.post("/generate/image", body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"success", "message"}
    assert answer.json()["success"] is False
    assert answer.json()["message"].startswith(named)


@pytest.mark.statement("S18")
@pytest.mark.parametrize("name", ["aspect_ratio", "reference_image_url"])
def test_a_field_by_another_name_is_passed_over_and_named(supapost, name):
    answer = supapost.post("/generate/image", {"prompt": "a red boat", name: "x"})
    assert answer.status_code == 202
    assert answer.headers["darkroom-ignored"] == name


@pytest.mark.statement("S2")
@pytest.mark.parametrize("sent", [b"", b"prompt=a+red+boat", b"[]", b"{", b'"a red boat"'])
def test_a_body_that_is_no_json_object_is_refused(supapost, sent):
    answer = supapost.post("/generate/image", content=sent)
    assert answer.status_code == 400
    assert answer.json()["success"] is False


@pytest.mark.statement("S8", "S9", "S10")
def test_the_models_that_are_listed_are_those_that_are_taken(supapost, made):
    listing = supapost.get("/models").json()
    assert (listing["object"], listing["has_more"], listing["url"]) == ("list", False, "/models")
    assert all(re.fullmatch(r"[a-z]+:[a-z0-9.-]+", model["id"]) for model in listing["data"])
    for model in listing["data"]:
        job = made(supapost, model=model["id"], aspectRatio="9:16")
        assert model["available"] is True
        assert supapost.native(f"/v1/jobs/{job['id']}")["credits"]["charged"] == model["credits"]


@pytest.mark.statement("S8", "S34")
def test_a_prompt_and_a_ratio_are_enough_and_the_model_is_flux_schnell(supapost, made, asset_of):
    job = made(supapost, aspectRatio="9:16")
    assert supapost.native(f"/v1/jobs/{job['id']}")["model"] == "flux-schnell"
    assert asset_of(supapost, job)["metadata"]["model"] == "flux-schnell"


@pytest.mark.statement("S11")
@pytest.mark.parametrize(
    ("ratio", "width", "height"),
    [
        (None, 1024, 1024),
        ("1:1", 1024, 1024),
        ("2:3", 832, 1248),
        ("3:2", 1248, 832),
        ("3:4", 864, 1152),
        ("4:3", 1152, 864),
        ("4:5", 896, 1120),
        ("5:4", 1120, 896),
        ("9:16", 720, 1280),
        ("16:9", 1280, 720),
        ("21:9", 1344, 576),
    ],
)
def test_the_image_has_the_ratio_that_was_asked_for(supapost, made, ratio, width, height):
    result = made(supapost, **({} if ratio is None else {"aspectRatio": ratio}))["result"]
    assert (result["width"], result["height"]) == (width, height)
    assert_is_image(fetched(result["url"]).content, "JPEG", width, height)
    if ratio is not None:
        across, down = map(int, ratio.split(":"))
        assert width * down == height * across


def redness(image):
    red, _, blue = ImageStat.Stat(image).mean
    return red - blue


@pytest.mark.statement("S12", "S13")
def test_a_reference_is_followed_the_more_the_greater_its_strength(supapost, made):
    with site() as web:
        address = web.serve("/red.png", an_image(color="#d01020", size=(256, 256)))
        seen = {}
        for strength in (0, 0.5, 1):
            job = made(
                supapost,
                prompt="a blue lake under a blue sky",
                model="darkroom:painter",
                referenceImageUrl=address,
                referenceStrength=strength,
            )
            body = fetched(job["result"]["url"]).content
            seen[strength] = redness(assert_is_image(body, "JPEG", 1024, 1024))
            told = supapost.native(f"/v1/jobs/{job['id']}")
            assert told["references"] == [{"url": address}]
            assert told["strength"] == strength
        assert web.asked == ["/red.png"] * 3
    assert seen[0] < seen[0.5] < seen[1]
    assert seen[0] < 0 < seen[1]


@pytest.mark.statement("S14")
def test_a_strength_without_a_reference_is_passed_over(supapost, made):
    job = made(supapost, referenceStrength=0.5)
    told = supapost.native(f"/v1/jobs/{job['id']}")
    assert "strength" not in told
    assert "references" not in told


@pytest.mark.statement("S31")
def test_polling_far_more_often_than_advised_is_not_limited(supapost):
    job = supapost.post("/generate/image", {"prompt": "a red boat"}).json()["jobId"]
    # Two minutes of polling each second, at once.
    answers = [supapost.get(f"/jobs/{job}") for _ in range(120)]
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.statement("S35")
def test_what_a_key_may_see_is_its_teams(supapost, opened, made):
    job, stranger = made(supapost), opened("supapost-strangers", 0)
    answer = stranger.get(f"/jobs/{job['id']}")
    assert (answer.status_code, answer.json()["success"]) == (404, False)
    assert stranger.get("/assets").json()["data"] == []
    assert stranger.get("/jobs").json() == []
