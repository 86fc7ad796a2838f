"""OpenAI's images endpoints, and whoever speaks the same."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import ClassVar

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_ERRORS = {
    "moderation": (400, "moderation_blocked", "image_generation_user_error"),
    "invalid": (400, None, "invalid_request_error"),
    "rate_limited": (429, "rate_limit_exceeded", "requests"),
    "no_funds": (429, "insufficient_quota", "insufficient_quota"),
    "unauthorized": (401, "invalid_api_key", "invalid_request_error"),
    "model_gone": (404, "model_not_found", "invalid_request_error"),
    "transient": (500, None, "server_error"),
}


class OpenAiVendor(Vendor):
    name = "openai"
    model = "gpt-image-2"
    description = "openai-images.subset.openapi.json"
    sizes: ClassVar[str] = r"\d+x\d+"

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.account['key']}":
            return self.trouble("unauthorized")
        if asked.method == "GET":
            require(asked.path == "/models", "an unknown path")
            return Answer(body={"data": []})
        if asked.path == "/images/generations":
            self._check_generation(asked)
        else:
            require(asked.path == "/images/edits", "an unknown path")
            self._check_edit(asked)
        return self.next_trouble() or self._images()

    def _check_generation(self, asked: Asked) -> None:
        body = asked.json
        self.conforms("CreateImageRequest", body)
        require("response_format" not in body, "response_format is refused for these models")
        self._check_size(body["size"])

    def _check_edit(self, asked: Asked) -> None:
        parts = asked.form
        texts = {name: body.decode() for name, filename, body in parts if not filename}
        names = [name for name, filename, _ in parts if filename]
        require(texts["prompt"], "an edit without a prompt")
        require(names.count("image[]") in range(1, 17), "1 to 16 images")
        require(names.count("mask") <= 1, "one mask")
        self._check_size(texts["size"])

    def _check_size(self, size: str) -> None:
        require(re.fullmatch(self.sizes, size), f"size {size}")
        width, height = map(int, size.split("x"))
        require(width % 16 == height % 16 == 0, f"sides of {size} are no multiples of 16")
        require(1 / 3 <= width / height <= 3, f"{size} is too wide or too high")
        require(width * height <= 3840 * 2160, f"{size} is too large")

    def _images(self) -> Answer:
        entry = {"b64_json": b64encode(picture()).decode()}
        return Answer(body={"created": 1, "data": [entry] * self.images})

    def trouble(self, kind: str) -> Answer:
        status, code, kind_of_error = _ERRORS[kind]
        said = {"message": "words of theirs", "type": kind_of_error, "param": None, "code": code}
        return Answer(status=status, body={"error": said})
