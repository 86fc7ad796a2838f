"""Amazon Bedrock's InvokeModel, as one more upstream that answers with a status and bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from http import HTTPStatus
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

_JSON = "application/json"
_HALF_WAY = (
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

Answer = tuple[int, dict[str, str], bytes]


class BedrockRuntime:
    def __init__(self, client_factory: Callable[[], Any]) -> None:
        """The factory is asked at the first image: most deployments never make one here."""
        self._client_factory = client_factory

    @cached_property
    def _client(self) -> Any:
        return self._client_factory()

    def invoke(self, model: str, body: bytes) -> Answer:
        """Status, headers and body; no answer becomes the status that a proxy would give."""
        try:
            answer = self._client.invoke_model(
                modelId=model, body=body, contentType=_JSON, accept=_JSON
            )
            return HTTPStatus.OK, {}, answer["body"].read()
        except ClientError as error:
            return _told(error)
        except _HALF_WAY:
            return HTTPStatus.GATEWAY_TIMEOUT, {}, b""  # it may have been made
        except BotoCoreError:
            return HTTPStatus.SERVICE_UNAVAILABLE, {}, b""


def _told(error: ClientError) -> Answer:
    """The exception as a reply, which is how its adapter reads it."""
    said: Any = error.response.get("Error", {})
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    body = {"code": said.get("Code", ""), "message": said.get("Message", "")}
    return status or HTTPStatus.INTERNAL_SERVER_ERROR, {}, json.dumps(body).encode()
