import io
import json

from PIL import Image

from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.api_key import SCOPES
from darkroom.providers.interface import Failed, FailureKind
from darkroom.providers.vendors.painter import Painter
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits


def test_a_prompt_becomes_an_image_of_exactly_the_size_asked_for(system):
    answer = system.submit(width=333, height=222, seed=5, output={"format": "png"})
    assert answer.status == 202
    assert answer.headers["location"] == f"/v1/jobs/{answer.json['id']}"
    assert answer.headers["retry-after"] == "1"
    assert system.work() == []
    job = system.http("GET", answer.headers["location"]).json
    assert job["status"] == "completed"
    image = job["images"][0]
    assert (image["width"], image["height"], image["provider"]) == (333, 222, "painter")
    body = (
        system.clients["s3"]
        .get_object(Bucket=system.environment["BUCKET_NAME"], Key=f"media/{image['id']}.png")[
            "Body"
        ]
        .read()
    )
    assert Image.open(io.BytesIO(body)).size == (333, 222)
    assert image["bytes"] == len(body)
    assert job["credits"] == {
        "price": 1,
        "held": 0,
        "charged": 1,
        "refunded": 0,
        "refunds": [],
    }


def test_an_address_of_a_file_leads_to_its_bytes_and_a_changed_one_does_not(system):
    job = system.submit(width=64, height=64).json["id"]
    system.work()
    image = system.http("GET", f"/v1/jobs/{job}").json["images"][0]
    for url in (image["url"], image["thumbnail_url"]):
        path, _, query = url.removeprefix("https://darkroom.test").partition("?")
        parameters = dict(pair.split("=", 1) for pair in query.split("&"))
        found = system.http("GET", path, query=parameters, key="")
        assert found.status == 200
        for changed in (
            {"expires": "9999999999"},
            {"kid": "2"},
            {"signature": "A" + parameters["signature"][1:]},
            {"signature": "é"},
        ):
            assert system.http("GET", path, query=parameters | changed, key="").status == 404


def test_ten_images_are_ten_messages_and_one_that_fails_leaves_nine(system, monkeypatch):
    start, read_start = Painter.start, Painter.read_start
    seeds = []

    def noting(self, wanted):
        seeds.append(wanted.seed)
        return start(self, wanted)

    def failing_for_one(self, reply):
        injected = Failed(kind=FailureKind.TRANSIENT, reason="injected")
        return injected if seeds[-1] == 103 else read_start(self, reply)

    monkeypatch.setattr(Painter, "start", noting)
    monkeypatch.setattr(Painter, "read_start", failing_for_one)
    job = system.submit(n=10, width=64, height=64, seed=100).json["id"]
    messages = system.messages()
    assert sorted(json.loads(message["Body"])["slot"] for message in messages) == list(range(10))
    failing = next(message for message in messages if json.loads(message["Body"])["slot"] == 3)
    assert system.work(messages) == []
    # Each try that fails sends a message for the next, with a delay: its body is the same.
    assert system.work([failing]) == system.work([failing]) == []
    done = system.http("GET", f"/v1/jobs/{job}").json
    assert done["status"] == "partial"
    assert [image["status"] for image in done["images"]].count("stored") == 9
    assert done["images"][3]["error"]["code"] == "provider_failed"
    assert [attempt["reason"] for attempt in done["images"][3]["attempts"]] == ["injected"] * 3
    assert (done["credits"]["charged"], done["credits"]["refunded"]) == (9, 1)
    assert done["credits"]["refunds"] == [
        {"image": done["images"][3]["id"], "credits": 1, "reason": "provider_failed"}
    ]
    assert len(system.files()) == 18


def test_a_message_that_arrives_twice_makes_one_image(system):
    system.submit(width=64, height=64)
    messages = system.messages()
    assert system.work(messages) == []
    system.calls.clear()
    assert system.work(messages) == []
    assert system.calls["PutObject"] == 0


def test_a_canceled_job_makes_nothing_and_costs_nothing(system):
    job = system.submit(n=2).json["id"]
    canceled = system.http("POST", f"/v1/jobs/{job}/cancel")
    assert (canceled.status, canceled.json["status"]) == (200, "canceled")
    assert canceled.json["credits"]["refunded"] == 2
    assert system.http("POST", f"/v1/jobs/{job}/cancel").status == 200
    assert system.work() == []
    assert system.files() == []


def test_a_finished_job_is_not_canceled(system):
    job = system.submit(width=64, height=64).json["id"]
    system.work()
    refused = system.http("POST", f"/v1/jobs/{job}/cancel")
    assert (refused.status, refused.json["code"]) == (409, "job.finished")


def test_the_same_idempotency_key_makes_one_job(system):
    headers = {"idempotency-key": "order-7"}
    body = {"prompt": "a red boat"}
    first = system.http("POST", "/v1/jobs", body, headers=headers)
    again = system.http("POST", "/v1/jobs", body, headers=headers)
    other = system.http("POST", "/v1/jobs", {"prompt": "a blue boat"}, headers=headers)
    assert first.json["id"] == again.json["id"]
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status, other.json["code"]) == (422, "idempotency_key.reused")
    assert len(system.messages()) == 1


def test_a_job_dearer_than_the_balance_is_refused(system):
    refused = system.submit(n=10, width=4096, height=4096)
    assert refused.status == 202
    for _ in range(24):
        system.submit(n=10, width=4096, height=4096)
    refused = system.submit()
    assert refused.status == 402
    assert refused.json["code"] == "credits.insufficient"
    assert (refused.json["required"], refused.json["available"]) == (1, 0)


def test_a_poll_of_another_workspaces_job_looks_like_one_of_none(system):
    job = system.submit().json["id"]
    admin = AdminServices(AdminSettings.from_environment())
    admin.create_workspace("rival", 10, Limits(), "free")
    rival = admin.key_service.create("rival", scopes=SCOPES)[0]
    unknown = "01890000-0000-7000-8000-000000000000"
    theirs = system.http("GET", f"/v1/jobs/{job}", key=rival)
    nobodys = system.http("GET", f"/v1/jobs/{unknown}", key=rival)
    assert theirs.status == nobodys.status == 404
    assert theirs.text == nobodys.text
    assert system.http("POST", f"/v1/jobs/{job}/cancel", key=rival).status == 404


def test_a_fault_in_an_answer_names_the_job_in_the_log(system, monkeypatch, caplog):
    job = system.submit(width=64, height=64).json["id"]

    def broken(*_given):
        raise RuntimeError("broken")

    monkeypatch.setattr("darkroom.dialects.native.job_answer.requested", broken)
    assert system.http("GET", f"/v1/jobs/{job}").status == 500
    assert caplog.records[-1].job == job


def test_a_fault_of_ours_is_a_500_that_tells_nothing(system, monkeypatch, caplog):
    def explode(*_arguments, **_more):
        raise RuntimeError("table darkroom-test arn:aws:dynamodb")

    monkeypatch.setattr("darkroom.aws.jobs.DynamoJobs.get", explode)
    answer = system.http("GET", "/v1/jobs/01890000-0000-7000-8000-000000000000")
    assert (answer.status, answer.json["code"]) == (500, "service.fault")
    assert "arn" not in answer.text
    assert "RuntimeError: table darkroom-test" in caplog.text


def test_each_request_and_each_image_logs_one_line(system, caplog):
    system.submit(width=64, height=64, prompt="canary-prompt")
    system.work()
    lines = [record for record in caplog.records if record.name in ("submit", "worker")]
    assert [line.message for line in lines] == ["request", "image"]
    assert lines[0].job == lines[1].job
    everything = str([vars(record) for record in caplog.records])
    assert "canary-prompt" not in everything
    assert system.key not in everything


def test_news_of_an_image_that_is_not_in_the_making_is_news_of_nothing(system):
    job = system.submit().json["id"]
    for path in (f"acme/{job}/0/token", f"acme/{job}/x/token", "acme/none/0/token"):
        answer = system.http("POST", f"/v1/callbacks/{path}", {"status": "OK"}, key="")
        assert (answer.status, answer.json["code"]) in {
            (404, "image.not_found"),
            (404, "job.not_found"),
        }
