"""Alibaba Model Studio's Wan 2.6, by asynchronous tasks, and its Qwen-Image 3, at once."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_DATA_URI = r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*"
_PARAMETERS = {"size", "n", "seed", "prompt_extend", "watermark", "negative_prompt"}
_ERRORS = {
    "input": (400, "DataInspectionFailed"),
    "infringement": (400, "IPInfringementSuspect"),
    "invalid": (400, "InvalidParameter"),
    "rate_limited": (429, "Throttling.RateQuota"),
    "quota": (429, "Throttling.AllocationQuota"),
    "no_funds": (400, "Arrearage"),
    "free_tier": (403, "AllocationQuota.FreeTierOnly"),
    "unauthorized": (401, "InvalidApiKey"),
    "unpurchased": (403, "AccessDenied.Unpurchased"),
    "model_gone": (404, "ModelNotFound"),
    "transient": (500, "InternalError.Algo"),
    "timeout": (504, "RequestTimeOut"),
}
# What the task says that a script has let fail, by the script's word.
_FAILED_TASKS = {
    "moderation": "DataInspectionFailed",
    "failed": "InternalError.Timeout",
    "failed_busy": "Throttling",
    "failed_invalid": "InvalidParameter",
    "failed_unread": "InvalidParameter.DataInspection",
}


class DashScopeVendor(Vendor):
    name = "dashscope"
    model = "wan2.6-t2i"
    # The fewest and the most pixels, and how many pictures.
    models: ClassVar[dict[str, tuple[int, int, range]]] = {
        "wan2.6-t2i": (1280 * 1280, 1440 * 1440, range(1)),
        "wan2.6-image": (768 * 768, 1280 * 1280, range(1, 5)),
    }
    at_once: ClassVar[dict[str, tuple[int, int, range]]] = {
        "qwen-image-3.0": (512 * 512, 2048 * 2048, range(4)),
        "qwen-image-3.0-pro": (512 * 512, 2048 * 2048, range(4)),
    }

    def __init__(self) -> None:
        super().__init__()
        self.tasks: dict[str, list[Any]] = {}  # how often each was asked after, and its end

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.account['key']}":
            return self.trouble("unauthorized")
        if asked.path == "/tasks":
            require(asked.method == "GET", "a method")
            return Answer(body={"total": 0, "data": [], "page_no": 1, "page_size": 1})
        if asked.path.startswith("/tasks/"):
            return self._task(asked)
        require(asked.method == "POST", "a method")
        if asked.path == "/services/aigc/multimodal-generation/generation":
            return self._answered_at_once(asked)
        require(
            asked.path == "/services/aigc/image-generation/generation",
            f"an unknown path {asked.path}",
        )
        require(asked.headers["x-dashscope-async"] == "enable", "not asynchronous")
        require(asked.headers["content-type"] == "application/json", "no JSON")
        if asked.json["model"] not in self.models:
            return self.trouble("model_gone")
        self._check(asked.json)
        ending = "SUCCEEDED"
        if self.script and self.script[0] in {*_FAILED_TASKS, "canceled", "vanished"}:
            ending = self.script.pop(0)
        return self.next_trouble() or self._begun(ending)

    def _answered_at_once(self, asked: Asked) -> Answer:
        require("x-dashscope-async" not in asked.headers, "asynchronous")
        require(asked.headers["content-type"] == "application/json", "no JSON")
        body = asked.json
        if body["model"] not in self.at_once:
            return self.trouble("model_gone")
        (message,) = body["input"]["messages"]
        # Its pictures come before the words.
        message["content"] = [*message["content"][-1:], *message["content"][:-1]]
        self._check(body)
        if self.script[:1] == ["moderation"]:
            self.script[0] = "input"
        return self.next_trouble() or Answer(
            body={"request_id": "r", "output": {"choices": self._choices()}, "usage": {}}
        )

    def _check(self, body: Any) -> None:
        least, most, pictures = (self.models | self.at_once)[body["model"]]
        require(set(body) == {"model", "input", "parameters"}, f"fields {set(body)}")
        (message,) = body["input"]["messages"]
        require(message["role"] == "user", "the role")
        first, *images = message["content"]
        require(1 <= len(first["text"]) <= 2000, "the prompt")
        require(len(images) in pictures, f"{len(images)} pictures")
        for image in images:
            require(set(image) == {"image"}, f"content {set(image)}")
            require(re.fullmatch(_DATA_URI, image["image"]), "no data URI")
        parameters = body["parameters"]
        is_wan = body["model"] in self.models
        known = _PARAMETERS | ({"enable_interleave"} if images and is_wan else set())
        require(set(parameters) <= known, f"parameters {set(parameters)}")
        require(re.fullmatch(r"\d+\*\d+", parameters["size"]), f"size {parameters['size']}")
        width, height = map(int, parameters["size"].split("*"))
        require(least <= width * height <= most, f"{parameters['size']} in pixels")
        require(1 / 4 <= width / height <= 4, f"{parameters['size']} is too wide or too high")
        require(parameters["n"] == 1, "each image is billed")
        require(0 <= parameters["seed"] <= 2147483647, f"seed {parameters['seed']}")
        require(parameters["prompt_extend"] is False, "a prompt of its own")
        require(parameters["watermark"] is False, "a watermark")
        require(parameters.get("enable_interleave", False) is False, "words among the images")
        require(len(parameters.get("negative_prompt", "")) <= 500, "the negative prompt")

    def _begun(self, ending: str) -> Answer:
        task = f"0385dc79-5ff8-4d82-bcb6-{len(self.tasks):012}"
        self.tasks[task] = [0, ending]
        return Answer(
            body={"request_id": "r", "output": {"task_id": task, "task_status": "PENDING"}}
        )

    def _task(self, asked: Asked) -> Answer:
        task, _, verb = asked.path.removeprefix("/tasks/").partition("/")
        if verb:
            require((verb, asked.method) == ("cancel", "POST"), f"a verb {verb}")
            require(task in self.tasks, "an unknown task")
            self.tasks[task][1] = "canceled"
            return Answer(body={"request_id": "r"})
        require(asked.method == "GET", "a method")
        polls, ending = self.tasks.get(task, (self.polls, "vanished"))
        if polls < self.polls:
            self.tasks[task][0] += 1
            return self._said(task, "RUNNING" if polls else "PENDING")
        if ending in _FAILED_TASKS:
            code = _FAILED_TASKS[ending]
            return self._said(task, "FAILED", code=code, message="words of theirs")
        if ending != "SUCCEEDED":
            return self._said(task, "CANCELED" if ending == "canceled" else "UNKNOWN")
        return self._said(task, "SUCCEEDED", finished=True, choices=self._choices())

    def _choices(self) -> list[Any]:
        parts = [
            {"type": "image", "image": self.upstream.keep(picture())} for _ in range(self.images)
        ]
        message = {"role": "assistant", "content": parts}
        return [{"finish_reason": "stop", "message": message}]

    def _said(self, task: str, status: str, **more: Any) -> Answer:
        return Answer(
            body={
                "request_id": "r",
                "output": {"task_id": task, "task_status": status, **more},
                "usage": {"image_count": self.images},
            }
        )

    def trouble(self, kind: str) -> Answer:
        if kind == "moderation":
            return self._said("t", "FAILED", code=_FAILED_TASKS[kind], message="words of theirs")
        status, code = _ERRORS[kind]
        body = {"code": code, "message": "words of theirs", "request_id": "r"}
        return Answer(status=status, body=body)
