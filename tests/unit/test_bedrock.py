import io
import json

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.response import StreamingBody
from botocore.session import Session
from botocore.stub import Stubber

from darkroom.aws.bedrock import BedrockRuntime
from darkroom.aws.session import Clients

MODEL = "stability.stable-image-ultra-v1:1"
BODY = b'{"prompt": "a red boat"}'
ASKED = {
    "modelId": MODEL,
    "body": BODY,
    "contentType": "application/json",
    "accept": "application/json",
}


@pytest.fixture
def client():
    return Session().create_client(
        "bedrock-runtime",
        region_name="us-west-2",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
def stub(client):
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


class Absent:
    """A client whose requests come to nothing."""

    def __init__(self, error):
        self.error = error

    def invoke_model(self, **_):
        raise self.error


def test_an_answer_is_the_bytes_of_the_model(client, stub):
    said = b'{"images": ["aGk="], "finish_reasons": [null], "seeds": [7]}'
    streamed = StreamingBody(io.BytesIO(said), len(said))
    stub.add_response("invoke_model", {"body": streamed, "contentType": "application/json"}, ASKED)
    assert BedrockRuntime(lambda: client).invoke(MODEL, BODY) == (200, {}, said)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ValidationException", 400),
        ("AccessDeniedException", 403),
        ("ResourceNotFoundException", 404),
        ("ModelTimeoutException", 408),
        ("ModelErrorException", 424),
        ("ThrottlingException", 429),
        ("InternalServerException", 500),
    ],
)
def test_an_exception_is_a_reply(client, stub, code, status):
    stub.add_client_error("invoke_model", code, "words of theirs", status, expected_params=ASKED)
    found, headers, body = BedrockRuntime(lambda: client).invoke(MODEL, BODY)
    assert (found, headers) == (status, {})
    assert json.loads(body) == {"code": code, "message": "words of theirs"}


def test_an_exception_without_a_status_is_a_reply():
    error = ClientError({"Error": {"Code": "Odd"}}, "InvokeModel")
    status, _, body = BedrockRuntime(lambda: Absent(error)).invoke(MODEL, BODY)
    assert status == 500
    assert json.loads(body) == {"code": "Odd", "message": ""}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (EndpointConnectionError(endpoint_url="https://bedrock.test"), 503),
        (ConnectTimeoutError(endpoint_url="https://bedrock.test"), 503),
        # It may have been made, and is billed then.
        (ReadTimeoutError(endpoint_url="https://bedrock.test"), 504),
        (ConnectionClosedError(endpoint_url="https://bedrock.test"), 504),
    ],
)
def test_no_answer_is_what_a_proxy_would_say(error, status):
    assert BedrockRuntime(lambda: Absent(error)).invoke(MODEL, BODY) == (status, {}, b"")


def test_the_client_is_made_once_and_when_it_is_needed():
    made = []

    def factory():
        made.append(1)
        return Absent(ReadTimeoutError(endpoint_url="https://bedrock.test"))

    runtime = BedrockRuntime(factory)
    assert made == []
    for _ in range(2):
        runtime.invoke(MODEL, BODY)
    assert made == [1]


def test_it_is_asked_once_and_given_time():
    config = Clients().get("bedrock-runtime").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.read_timeout >= 60
