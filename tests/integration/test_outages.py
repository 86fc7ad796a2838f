"""AWS itself fails for a moment: what a client is told holds, and nothing is half done."""

from __future__ import annotations

import json

import botocore.client
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError


def answered(status, code):
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "UpdateItem"
    )


TIMED_OUT = ReadTimeoutError(endpoint_url="https://dynamodb")
OUTAGES = [
    TIMED_OUT,
    ConnectTimeoutError(endpoint_url="https://dynamodb"),
    answered(400, "ThrottlingException"),
    answered(500, "InternalServerError"),
]
# A request that creates a job in each dialect: its path, its body, and the status when it is taken.
CREATIONS = {
    "native": ("/v1/jobs", {"prompt": "a pier"}, 202),
    "native captions": ("/v1/captions", {"prompt": "a pier", "post_types": ["x-post"]}, 202),
    "supapost": ("/supapost/generate/image", {"prompt": "a pier"}, 202),
    "powerpost": ("/powerpost/api/v1/images/generate", {"prompt": "a pier"}, 200),
    "powerpost captions": (
        "/powerpost/api/v1/content/generate",
        {"prompt": "a pier", "post_types": ["x-post"]},
        200,
    ),
    "dalnulla": ("/dalnulla/api/v1/generate-image", {"prompt": "a pier"}, 303),
    "posteverywhere": (
        "/posteverywhere/api/v1/ai/generate-image",
        {"prompt": "a pier"},
        303,
    ),
    "qolaba": (
        "/qolaba/api/v1/images/generate",
        {"prompt": "a pier", "model": "vertex/nano-banana-flash"},
        303,
    ),
}
dialects = pytest.mark.parametrize("dialect", CREATIONS)


@pytest.fixture
def failing():
    """Calls fail for all tries of the SDK, of these operations or of all, until it is over.

    Those of `executed` are done all the same; `late` keeps what AWS may still do later.
    """
    honest = botocore.client.BaseClient._make_api_call
    with pytest.MonkeyPatch.context() as patch:

        def fail(error, *operations, executed=(), late=None):
            def call(client, operation, parameters):
                if operations and operation not in operations:
                    return honest(client, operation, parameters)
                if operation in executed:
                    honest(client, operation, parameters)
                if late is not None:
                    late.append(lambda: honest(client, operation, parameters))
                raise error(client) if callable(error) else error.with_traceback(None)

            patch.setattr(botocore.client.BaseClient, "_make_api_call", call)

        fail.over = patch.undo
        yield fail


pytestmark = pytest.mark.usefixtures("passed_time")


def conflict(client):
    """Another transaction is at the account's item."""
    answer = {"Error": {"Code": "TransactionCanceledException"}}
    answer["CancellationReasons"] = [{"Code": "None"}, {"Code": "TransactionConflict"}]
    return client.exceptions.TransactionCanceledException(answer, "TransactWriteItems")


def creation(system, dialect, **headers):
    path, body, _ = CREATIONS[dialect]
    return system.http("POST", path, body, headers={"x-workspace-id": "acme", **headers})


def jobs(system):
    return [
        item["sk"]["S"].removeprefix("JOB#")
        for item in system.items()
        if item["sk"]["S"].startswith("JOB#")
    ]


def held(system):
    return system.http("GET", "/v1/account").json["credits"]["held"]


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda error: type(error).__name__)
def test_an_outage_of_aws_is_a_503_that_says_when_to_come_back(system, failing, outage):
    system.submit()  # warm: the key is known
    failing(outage)
    answer = system.submit()
    assert (answer.status, answer.json["code"]) == (503, "service.unavailable")
    assert answer.headers["retry-after"] == "1"
    assert "dynamodb" not in answer.text


def test_what_will_not_pass_by_itself_is_a_fault_of_ours(system, failing):
    system.submit()
    failing(answered(400, "AccessDeniedException"))
    answer = system.submit()
    assert (answer.status, answer.json["code"]) == (500, "service.fault")


@dialects
def test_a_job_that_was_created_is_accepted_though_the_answer_is_lost(system, failing, dialect):
    failing(TIMED_OUT, "TransactWriteItems", executed=["TransactWriteItems"])
    answer = creation(system, dialect)
    assert answer.status == CREATIONS[dialect][2]
    assert len(jobs(system)) == 1
    assert [json.loads(message["Body"])["job"] for message in system.messages()] == jobs(system)


@dialects
def test_a_503_without_a_job_is_final_however_late_the_transaction_comes(system, failing, dialect):
    on_their_way = []
    failing(TIMED_OUT, "TransactWriteItems", late=on_their_way)
    answer = creation(system, dialect)
    assert answer.status == (500 if dialect == "posteverywhere" else 503)
    assert answer.headers["retry-after"] == "1"
    assert "darkroom-job" not in answer.headers
    with pytest.raises(ClientError, match="TransactionCanceled"):
        on_their_way[0]()
    assert (jobs(system), held(system)) == ([], 0)


@dialects
def test_a_503_names_the_job_that_may_have_been_created(system, failing, dialect):
    failing(TIMED_OUT, "TransactWriteItems", "PutItem", executed=["TransactWriteItems"])
    answer = creation(system, dialect)
    failing.over()
    [job] = jobs(system)
    assert answer.status == (500 if dialect == "posteverywhere" else 503)
    assert answer.headers["darkroom-job"] == job
    assert answer.headers["location"] == f"/v1/jobs/{job}"
    assert int(answer.headers["retry-after"]) >= 1
    assert "may have been created" in answer.text
    for host in ("darkroom.test", "powerpost.darkroom.test"):
        found = system.http("GET", answer.headers["location"], headers={"host": host})
        assert (found.status, found.json["id"]) == (200, job)
    assert system.http("POST", f"/v1/jobs/{job}/cancel").status == 200
    assert held(system) == 0


def test_natively_the_problem_has_the_job_and_a_code_of_its_own(system, failing):
    failing(TIMED_OUT, "TransactWriteItems", "PutItem")
    answer = system.submit()
    assert (answer.json["code"], answer.json["status"]) == ("job.outcome_unknown", 503)
    assert answer.json["job"] == answer.headers["darkroom-job"]


def test_a_repeat_with_its_key_finds_the_job_whose_creation_was_unknown(system, failing):
    headers = {"idempotency-key": "order-7"}
    failing(TIMED_OUT, "TransactWriteItems", "PutItem", executed=["TransactWriteItems"])
    unknown = creation(system, "native", **headers)
    failing.over()
    assert creation(system, "native", **headers).json["id"] == unknown.headers["darkroom-job"]


IN_THE_WAY = {
    "the transaction of the job": (conflict, ["TransactWriteItems"]),
    # The rest of the way is barred, too: a lost creation would be settled by a put.
    "everything": (conflict, ["TransactWriteItems", "PutItem"]),
    "the count of the request": (
        answered(400, "TransactionConflictException"),
        ["UpdateItem"],
    ),
}


@pytest.mark.parametrize(
    ("dialect", "place"),
    [
        *((dialect, "the transaction of the job") for dialect in CREATIONS),
        ("native", "everything"),
        ("native", "the count of the request"),
    ],
)
def test_a_conflict_that_outlasts_the_tries_is_a_503_and_its_repeats_make_one_job(
    system, failing, monkeypatch, dialect, place
):
    monkeypatch.setattr("darkroom.aws.table.time.sleep", lambda _: None)
    creation(system, dialect)  # warm
    before = [item for item in system.items() if item["sk"]["S"] != "ACCOUNT"]
    headers = {"idempotency-key": "order-7"}
    error, operations = IN_THE_WAY[place]
    failing(error, *operations)
    answer = creation(system, dialect, **headers)
    failing.over()
    assert answer.status == (500 if dialect == "posteverywhere" else 503)
    assert answer.headers["retry-after"] == "1"
    assert isinstance(answer.json, dict)
    # Nothing was done, so there is no job to be named, and nothing to be undone.
    assert "darkroom-job" not in answer.headers
    assert [item for item in system.items() if item["sk"]["S"] != "ACCOUNT"] == before
    repeats = [creation(system, dialect, **headers) for _ in range(3)]
    assert [one.status for one in repeats] == [CREATIONS[dialect][2]] * 3
    assert len(jobs(system)) == 2
    ledger = [item for item in system.items() if item["sk"]["S"].startswith("LEDGER#")]
    assert sum(item["kind"]["S"] == "hold" for item in ledger) == 2


@pytest.mark.parametrize("dialect", ["native", "native captions", "dalnulla", "qolaba"])
def test_a_job_that_was_created_is_told_of_though_it_cannot_be_waited_for(system, failing, dialect):
    # The key is known, and which models stand in for others.
    creation(system, "native", **{"idempotency-key": "warm"})
    system.http("POST", "/v1/jobs", {"prompt": "x", "model": "midjourney-v7", "dry_run": True})
    system.messages()
    failing(TIMED_OUT, "GetItem")
    answer = creation(system, dialect, prefer="wait=5")
    failing.over()
    assert answer.status == CREATIONS[dialect][2]
    assert len(jobs(system)) == 2
    assert (
        jobs(system)[-1] in json.dumps([answer.json, dict(answer.headers)]) or dialect == "qolaba"
    )
