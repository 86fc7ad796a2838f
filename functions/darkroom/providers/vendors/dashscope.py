"""Alibaba Model Studio's Wan 2.6, a task that is asked after until it is done, and its
Qwen-Image 3, answered at once.

One model of Wan makes pictures of words and another changes pictures: whichever is asked for, the
request decides. Keys and hosts are a region's own; `workspace` is for an account that has several.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import data_uri
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    Handle,
    HttpRequest,
    Images,
    Pending,
    Polled,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import (
    Unreadable,
    address,
    code_of,
    entries,
    needed,
    text,
)
from darkroom.providers.sizing import fitted
from darkroom.providers.wording import prompt_with

_OF_WORDS, _OF_PICTURES = "wan2.6-t2i", "wan2.6-image"
# The fewest and the most pixels of each.
_PIXELS = {
    _OF_WORDS: (1280 * 1280, 1440 * 1440),
    _OF_PICTURES: (768 * 768, 1280 * 1280),
}
_QWEN = "qwen-image-"
_PIXELS_OF_QWEN = (512 * 512, 2048 * 2048)
# One to four is the bound, and rounding must not pass it.
_WIDEST = 3.9
_LONGEST_NEGATIVE = 500
_SEEDS = 2**31
_PACE = 10
_IN_THE_MAKING = {"PENDING", "RUNNING", "SUSPENDED"}
_REFUSALS = ("DataInspectionFailed", "data_inspection_failed", "IPInfringementSuspect")
# By how its codes begin, the telling ones first.
_FAILURE_KINDS = {
    "AllocationQuota.FreeTierOnly": FailureKind.NO_FUNDS,
    "Arrearage": FailureKind.NO_FUNDS,
    "InvalidApiKey": FailureKind.UNAUTHORIZED,
    "AccessDenied": FailureKind.UNAUTHORIZED,
    "Model.AccessDenied": FailureKind.UNAUTHORIZED,
    "ModelNotFound": FailureKind.MODEL_GONE,
    "Model.NotExist": FailureKind.MODEL_GONE,
    # It could not fetch a picture in time.
    "InvalidParameter.DataInspection": FailureKind.UNKNOWN,
    "InvalidParameter": FailureKind.INVALID,
    "InvalidURL": FailureKind.INVALID,
}


class DashScope(JsonAdapter):
    base_url = "https://dashscope-intl.aliyuncs.com/api/v1"

    def headers(self) -> Mapping[str, str]:
        workspace = self.account.get("workspace")
        more = {"x-dashscope-workspace": workspace} if workspace else {}
        return {**super().headers(), **more}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request = wanted.request
        model = _model(wanted)
        is_qwen = model.startswith(_QWEN)
        words = [{"text": prompt_with(request, "strength")}]
        pictures = [{"image": data_uri(each)} for each in wanted.pictures.references]
        parameters: dict[str, Any] = {
            "size": "{}*{}".format(*_size(wanted)),
            "n": 1,
            "seed": wanted.seed % _SEEDS,
            "prompt_extend": False,
            "watermark": False,
        }
        if request.negative_prompt:
            parameters["negative_prompt"] = request.negative_prompt[:_LONGEST_NEGATIVE]
        if model == _OF_PICTURES:
            parameters["enable_interleave"] = False
        body = {
            "model": model,
            "input": {
                "messages": [
                    {"role": "user", "content": pictures + words if is_qwen else words + pictures}
                ]
            },
            "parameters": parameters,
        }
        if is_qwen:
            return self.ask("POST", "/services/aigc/multimodal-generation/generation", body)
        asked = self.ask("POST", "/services/aigc/image-generation/generation", body)
        return HttpRequest(
            method=asked.method,
            url=asked.url,
            headers={**asked.headers, "x-dashscope-async": "enable"},
            body=asked.body,
        )

    def started(self, data: Any) -> Started:
        made = tuple(address(url) for url in _urls(data))
        if made:
            return Images(urls=made)
        task = needed(text(data, "output", "task_id"))
        address_of_it = f"{self.base}/tasks/{quote(task, safe='')}"
        return Handle(id=task, poll=address_of_it, cancel=f"{address_of_it}/cancel", pace=_PACE)

    def polled(self, data: Any) -> Polled:
        status = text(data, "output", "task_status")
        if status in _IN_THE_MAKING:
            return Pending()
        if status == "SUCCEEDED":
            urls = tuple(address(url) for url in _urls(data))
            return Images(urls=urls) if urls else _ended("no_images")
        if status == "FAILED":
            return _ended(code_of(text(data, "output", "code")))
        if status in {"CANCELED", "UNKNOWN"}:
            # Of a task that it does not know, or knows no more, it says UNKNOWN.
            return Failed(kind=FailureKind.UNKNOWN, reason=f"task_{status.lower()}")
        raise Unreadable("no status")

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        return _told(error.word)

    def cancel(self, handle: Handle) -> HttpRequest | None:
        # It has an effect only before the generation has begun.
        return HttpRequest(method="POST", url=handle.cancel, headers=self.headers())

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/tasks?page_no=1&page_size=1")


def _model(wanted: ProviderRequest) -> str:
    if wanted.model not in _PIXELS:
        return wanted.model
    return _OF_PICTURES if wanted.pictures.references else _OF_WORDS


def _size(wanted: ProviderRequest) -> tuple[int, int]:
    of_others = _PIXELS_OF_QWEN if wanted.model.startswith(_QWEN) else _PIXELS[_OF_PICTURES]
    least, most = _PIXELS.get(_model(wanted), of_others)
    return fitted(
        wanted.request.width,
        wanted.request.height,
        multiple=16,
        least_pixels=least,
        most_pixels=most,
        widest=_WIDEST,
    )


def _urls(data: Any) -> list[str]:
    return [
        text(part, "image")
        for choice in entries(data, "output", "choices")
        for part in entries(choice, "message", "content")
        if text(part, "image")
    ]


def _told(word: str) -> Refused | Failed | None:
    if word.startswith(_REFUSALS):
        return Refused(reason=word)
    mark = next((mark for mark in _FAILURE_KINDS if word.startswith(mark)), "")
    return Failed(kind=_FAILURE_KINDS[mark], reason=word) if mark else None


def _ended(word: str) -> Refused | Failed:
    """A task that has failed: whatever it was, asking after it once more changes nothing."""
    return _told(word) or Failed(kind=FailureKind.UNKNOWN, reason=word or "task_failed")
