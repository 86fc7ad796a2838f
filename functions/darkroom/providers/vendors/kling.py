"""Kling's own images, made by tasks: https://app.klingai.com/global/dev/document-api

An account has two keys, of which the second signs a token that says who holds the first.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import base64_of, enlarged
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
from darkroom.providers.replies import Unreadable, address, dig, entries, needed, text
from darkroom.providers.sizing import nearest_ratio, step_for
from darkroom.providers.wording import prompt_with

_TASKS = "/v1/images/generations"
_RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9")
_STEPS = (("1k", 1024), ("2k", 2048))
_PACE = 3
_TOKEN_LIVES = 1800
# Our clock may be ahead of theirs.
_CLOCKS_DIFFER = 5
_LEAST_SIDE = 300
_WAITING = {"submitted", "processing"}
_MODERATED = {1300, 1301}
_FAILURE_KINDS: Mapping[int, FailureKind] = {
    **dict.fromkeys((1000, 1001, 1002, 1003, 1004), FailureKind.UNAUTHORIZED),
    1100: FailureKind.UNAUTHORIZED,
    1101: FailureKind.NO_FUNDS,
    1102: FailureKind.NO_FUNDS,
    1103: FailureKind.UNAUTHORIZED,
    1200: FailureKind.INVALID,
    1201: FailureKind.INVALID,
    1202: FailureKind.MODEL_GONE,
    1203: FailureKind.MODEL_GONE,
    1302: FailureKind.RATE_LIMITED,
    1303: FailureKind.RATE_LIMITED,
    1304: FailureKind.UNAUTHORIZED,  # their list of our addresses
    5000: FailureKind.TRANSIENT,
    5001: FailureKind.TRANSIENT,
    5002: FailureKind.UNKNOWN,  # it took them too long
}
# Of a task that failed there is nothing but a sentence.
_SAYS_MODERATED = re.compile(r"risk control|sensitive|policy|prohibited", re.IGNORECASE)


class Kling(JsonAdapter):
    base_url = "https://api-singapore.klingai.com"

    def headers(self) -> Mapping[str, str]:
        now = int(time.time())
        token = _token(self.account["key"], self.account["secret"], now)
        return {"authorization": f"Bearer {token}"}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request = wanted.request
        has_picture = bool(wanted.pictures.references)
        body: dict[str, Any] = {
            "model_name": wanted.model,
            # It takes either a picture or what is not wanted.
            "prompt": prompt_with(request, "negative_prompt") if has_picture else request.prompt,
            "n": 1,
            "aspect_ratio": nearest_ratio(request.width, request.height, _RATIOS),
            "resolution": step_for(request.width, request.height, _STEPS),
        }
        if request.negative_prompt and not has_picture:
            body["negative_prompt"] = request.negative_prompt
        if has_picture:
            body["image"] = _picture(wanted.pictures.references[0])
            if request.strength is not None:
                body["image_fidelity"] = request.strength
        if wanted.callback:
            body["callback_url"] = wanted.callback
        # No `external_task_id`: it is refused the second time, also after a task that failed.
        return self.ask("POST", _TASKS, body)

    def started(self, data: Any) -> Started:
        said = _of_code(data)
        if said is not None:
            return said
        task = needed(text(data, "data", "task_id"))
        poll = f"{self.base}{_TASKS}/{quote(task, safe='')}"
        return Handle(id=task, poll=poll, pace=_PACE)

    def polled(self, data: Any) -> Polled:
        said = _of_code(data)
        if said is not None:
            return said
        status = needed(text(data, "data", "task_status"))
        if status in _WAITING:
            return Pending()
        if status == "failed":
            if _SAYS_MODERATED.search(text(data, "data", "task_status_msg")):
                return Refused(reason="task_moderated")
            return Failed(kind=FailureKind.UNKNOWN, reason="task_failed")
        if status != "succeed":
            raise Unreadable("an unknown status")
        images = entries(data, "data", "task_result", "images")
        if not images:
            return Failed(kind=FailureKind.UNKNOWN, reason="no_images")
        return Images(urls=tuple(address(text(image, "url")) for image in images))

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        return _of_code(error.data)

    def check(self) -> HttpRequest | None:
        return self.ask("GET", f"{_TASKS}?pageNum=1&pageSize=1")


def _of_code(data: Any) -> Refused | Failed | None:
    """Their codes say more than the statuses: no funds is a 429 as well."""
    code = dig(data, "code")
    if not isinstance(code, int) or code == 0:
        return None
    if code in _MODERATED:
        return Refused(reason=f"code_{code}")
    kind = _FAILURE_KINDS.get(code)
    return None if kind is None else Failed(kind=kind, reason=f"code_{code}")


def _token(access_key: str, secret: str, now: int) -> str:
    """A JSON Web Token, signed with HS256."""
    claims = {"iss": access_key, "exp": now + _TOKEN_LIVES, "nbf": now - _CLOCKS_DIFFER}
    signed = ".".join(_encoded(part) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    signature = hmac.digest(secret.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{_base64url(signature)}"


def _encoded(part: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(part, separators=(",", ":")).encode())


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _picture(picture: bytes) -> str:
    """In a format and of a size that they take, without the head of a data URI."""
    return base64_of(enlarged(picture, _LEAST_SIDE, refused="image/webp"))
