"""AWS itself fails for a moment: whoever asked is told to come back, and nothing is half done."""

from __future__ import annotations

import botocore.client
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError


def answered(status, code):
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "UpdateItem"
    )


OUTAGES = [
    ReadTimeoutError(endpoint_url="https://dynamodb"),
    ConnectTimeoutError(endpoint_url="https://dynamodb"),
    answered(400, "ThrottlingException"),
    answered(500, "InternalServerError"),
]


@pytest.fixture
def failing(monkeypatch):
    def fail(error):
        def call(_client, _operation, _parameters):
            raise error

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)

    return fail


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
