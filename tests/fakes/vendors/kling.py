"""Kling's image tasks. It publishes no description."""

from __future__ import annotations

import hashlib
import hmac
import io
import itertools
import json
import time
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Mapping
from typing import Any, ClassVar

from PIL import Image

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_TASKS = "/v1/images/generations"
_MODELS = {"kling-v1", "kling-v1-5", "kling-v2", "kling-v2-new", "kling-v2-1", "kling-v3"}
_RATIOS = {"16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9"}
_FIELDS = {
    "model_name",
    "prompt",
    "negative_prompt",
    "image",
    "image_reference",
    "image_fidelity",
    "human_fidelity",
    "element_list",
    "resolution",
    "n",
    "aspect_ratio",
    "callback_url",
    "external_task_id",
}
_ERRORS = {
    "moderation": (400, 1301),
    "platform": (400, 1300),
    "invalid": (400, 1201),
    "rate_limited": (429, 1303),
    "no_funds": (429, 1102),
    "arrears": (429, 1101),
    "unauthorized": (401, 1002),
    "model_gone": (404, 1203),
    "transient": (503, 5001),
}
# What a task that fails says of it.
_FAILURES = {
    "moderated_later": "Failure to pass the risk control system",
    "failed": "words of theirs",
}


class KlingVendor(Vendor):
    name = "kling"
    model = "kling-v3"
    account: ClassVar[Mapping[str, str]] = {"key": "the-right-key", "secret": "the-secret"}

    def __init__(self) -> None:
        super().__init__()
        self.tasks: dict[str, str] = {}
        self.looks: dict[str, int] = {}
        self.numbers = itertools.count(1)
        self.callbacks: list[str] = []
        self.statuses = ["submitted", "processing"]

    def answer(self, asked: Asked) -> Answer:
        if not self._knows(asked.headers.get("authorization", "")):
            return self.trouble("unauthorized")
        if asked.method == "GET":
            if asked.path == _TASKS:
                require(int(asked.query["pageNum"]) >= 1, "pages count from 1")
                require(1 <= int(asked.query["pageSize"]) <= 500, "a page of 1 to 500")
                return self._said([])
            require(asked.path.startswith(f"{_TASKS}/"), "an unknown path")
            return self._look(asked.path.removeprefix(f"{_TASKS}/"))
        require(asked.method == "POST" and asked.path == _TASKS, "an unknown path")
        require(asked.headers["content-type"] == "application/json", "JSON")
        self._check(asked.json)
        kind = self.script.pop(0) if self.script else "made"
        if kind in _ERRORS:
            return self.trouble(kind)
        task = f"CjikY2gHPbcAAAAAA{next(self.numbers)}"
        self.tasks[task] = kind
        self.callbacks += [asked.json["callback_url"]] if "callback_url" in asked.json else []
        return self._said(self._task(task, "submitted"))

    def _knows(self, authorization: str) -> bool:
        head, claims, signature = authorization.removeprefix("Bearer ").split(".")
        signed = hmac.digest(
            self.account["secret"].encode(), f"{head}.{claims}".encode(), hashlib.sha256
        )
        if _decoded(signature) != signed:
            return False
        require(json.loads(_decoded(head)) == {"alg": "HS256", "typ": "JWT"}, "its head")
        said, now = json.loads(_decoded(claims)), time.time()
        require(set(said) == {"iss", "exp", "nbf"}, "its claims")
        require(said["nbf"] <= now < said["exp"] <= now + 1801, "its times")
        return said["iss"] == self.account["key"]

    def _look(self, task: str) -> Answer:
        if task not in self.tasks:
            return self.trouble("model_gone")
        kind = self.tasks[task]
        self.looks[task] = self.looks.get(task, 0) + 1
        if self.looks[task] <= self.polls:
            return self._said(self._task(task, self.statuses[self.looks[task] % 2]))
        if kind in _FAILURES:
            said = self._task(task, "failed") | {"task_status_msg": _FAILURES[kind]}
            return self._said(said)
        images = [
            {"index": place, "url": self.upstream.keep(picture())} for place in range(self.images)
        ]
        said = self._task(task, "succeed")
        return self._said(said | {"task_result": {"images": images}, "final_unit_deduction": "8"})

    def _task(self, task: str, status: str) -> dict[str, Any]:
        return {
            "task_id": task,
            "task_status": status,
            "task_status_msg": "",
            "task_info": {"external_task_id": ""},
            "created_at": 1722769557708,
            "updated_at": 1722769557708,
        }

    def _said(self, data: Any) -> Answer:
        body = {"code": 0, "message": "SUCCEED", "request_id": "CjMT7WdSwWcAAAAAALvB3g"}
        return Answer(body={**body, "data": data})

    def trouble(self, kind: str) -> Answer:
        status, code = _ERRORS[kind]
        said = {"code": code, "message": "words of theirs", "request_id": "CjMT7WdSwWcAAAAAALvB"}
        return Answer(status=status, body=said)

    def _check(self, body: Mapping[str, Any]) -> None:
        require(set(body) <= _FIELDS, f"no such fields: {set(body) - _FIELDS}")
        require(body["model_name"] in _MODELS, body["model_name"])
        require(0 < len(body["prompt"]) <= 2500, "a prompt of 1 to 2500")
        require(len(body.get("negative_prompt", "")) <= 2500, "a negative prompt of 2500")
        require(not {"negative_prompt", "image"} <= set(body), "either of the two")
        require(body["n"] in range(1, 10), f"n {body['n']}")
        require(body["aspect_ratio"] in _RATIOS, body["aspect_ratio"])
        require(body["resolution"] in {"1k", "2k"}, body["resolution"])
        for field in ("image_fidelity", "human_fidelity"):
            require(0 <= body.get(field, 0) <= 1, f"{field} {body.get(field)}")
        if "image" in body:
            image = opened(body["image"])
            require(image.format in {"PNG", "JPEG"}, f"a {image.format}")
            require(min(image.size) >= 300, f"{image.size} is too small")
            require(1 / 2.5 <= image.width / image.height <= 2.5, f"{image.size} is too long")


def opened(code: str) -> Image.Image:
    return Image.open(io.BytesIO(b64decode(code, validate=True)))


def _decoded(part: str) -> bytes:
    require("=" not in part, "base64url has no padding here")
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
