"""What a dialect sends by itself: the `webhooks` of its document."""

from __future__ import annotations

from typing import Any

from docs.openapi.described import Sending
from docs.openapi.shapes import ref


def webhooks(sending: Sending) -> dict[str, Any]:
    headers = [{"$ref": f"#/components/parameters/{name}"} for name in sending.headers]
    answers = {status: {"description": text} for status, text in sending.answers.items()}
    return {
        name: {
            "post": {
                "operationId": message.name,
                "summary": message.summary,
                "tags": [sending.tag],
                "security": [],
                "parameters": headers,
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": ref(message.schema),
                            "example": dict(message.example),
                        }
                    },
                },
                "responses": answers,
            }
        }
        for name, message in sending.messages.items()
    }
