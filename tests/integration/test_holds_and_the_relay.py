"""Whatever takes credits from a workspace wakes the relay, which tells it when they are low."""

from __future__ import annotations

import json

import pytest

from darkroom.bootstrap.admin import AdminServices
from darkroom.domain.money import Terms
from darkroom.providers.interface import Failed, FailureKind
from darkroom.providers.vendors.painter import Painter
from darkroom.settings import AdminSettings
from tests.stream_filter import wakes_the_relay

SMALL = {"width": 64, "height": 64}


def images(system):
    assert system.submit(**SMALL).status == 202


def captions(system):
    body = {"prompt": "a pier", "post_types": ["x-post"]}
    assert system.http("POST", "/v1/captions", body).status == 202


def call_of_a_dialect(system):
    body = {"prompt": "a red boat"}
    path, headers = "/powerpost/api/v1/images/generate", {"x-workspace-id": "acme"}
    assert system.http("POST", path, body, headers=headers).status < 300


def request_without_http(system):
    request = {"prompt": "a boat", **SMALL}
    body = {"workspace": "acme", "client_token": "order-1", "request": request}
    record = {
        "messageId": "message-1",
        "body": json.dumps(body),
        "attributes": {"SentTimestamp": "1795262400000"},
        "messageAttributes": {},
    }
    system.handlers["intake"].handler({"Records": [record]}, None)


def retry_of_a_failed_job(system):
    failed = Failed(kind=FailureKind.NO_FUNDS, reason="theirs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Painter, "read_start", lambda *_: failed)
        patch.setattr("darkroom.usecases.process_slot.MAX_LEASES", 1)
        job = system.submit(**SMALL).json["id"]
        system.work()
    services = AdminServices(AdminSettings.from_environment())
    services.retry_job(services.jobs.get("acme", job), "operation-1")


def balance(image):
    return int(image["balance"]["N"])


def falls(record):
    change = record["dynamodb"]
    is_account = change["Keys"]["sk"]["S"] == "ACCOUNT" and record["eventName"] == "MODIFY"
    return is_account and balance(change["NewImage"]) < balance(change["OldImage"])


@pytest.mark.parametrize(
    "spend",
    [images, captions, call_of_a_dialect, request_without_http, retry_of_a_failed_job],
)
def test_what_takes_from_the_balance_is_told_by_the_relay(system, published, spend):
    accounts = AdminServices(AdminSettings.from_environment()).accounts
    # Whatever it takes passes the mark.
    accounts.change("acme", Terms(low_credits=accounts.get("acme").balance))
    before = len(system.changes())
    spend(system)
    holds = [one for one in system.changes()[before:] if falls(one)]
    assert len(holds) == (2 if spend is retry_of_a_failed_job else 1)
    assert all(wakes_the_relay(one) for one in holds)
    system.relay()
    assert published.count(("darkroom.credits.low", "account")) == len(holds)
