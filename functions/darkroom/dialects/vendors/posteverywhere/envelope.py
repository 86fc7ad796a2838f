"""What PostEverywhere puts around every answer."""

from __future__ import annotations

import re
from typing import Generic, NotRequired, TypedDict, TypeVar

from darkroom.dialects.fields import Count, Time
from darkroom.dialects.routes import Answer
from darkroom.dialects.wire import Request, json_time

_NOT_WORD = re.compile(r"[^a-z0-9]")
Content = TypeVar("Content")


class Meta(TypedDict):
    request_id: str
    timestamp: Time


class Envelope(TypedDict, Generic[Content]):
    data: Content
    error: None
    meta: Meta


class ErrorDetails(TypedDict):
    credits_required: Count
    credits_available: Count
    model: str


class ErrorText(TypedDict):
    message: str
    code: str
    details: NotRequired[ErrorDetails]
    """With 402."""


class Error(TypedDict):
    data: None
    error: ErrorText
    meta: Meta


def enveloped(request: Request, data: Content) -> Envelope[Content]:
    return {"data": data, "error": None, "meta": _meta(request)}


def failed(
    request: Request, status: int, code: str, message: str, details: ErrorDetails | None = None
) -> Answer[Error]:
    text: ErrorText = {"message": message, "code": code}
    if details:
        text["details"] = details
    return Answer(status, {"data": None, "error": text, "meta": _meta(request)})


def _meta(request: Request) -> Meta:
    short = _NOT_WORD.sub("", request.request_id.lower())[:8]
    return {"request_id": short, "timestamp": json_time(request.at)}
