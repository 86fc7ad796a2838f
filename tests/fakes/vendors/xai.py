"""xAI's images endpoints."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, ClassVar

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_RATIOS = {"1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "1:2", "2:1", "auto"}
_TALL = {"9:19.5", "19.5:9", "9:20", "20:9"}
_DATA_URI = r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*"
_INVALID = "Client specified an invalid argument"
_FORBIDDEN = "The caller does not have permission to execute the specified operation"
_EXHAUSTED = "Some resource has been exhausted"
_ERRORS = {
    "moderation": (400, _INVALID, "Generated image rejected by content moderation."),
    "guidelines": (
        403,
        _FORBIDDEN,
        "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO",
    ),
    "invalid": (400, _INVALID, "Argument not supported: words of theirs"),
    "unprocessable": (422, _INVALID, "words of theirs"),
    "rate_limited": (429, _EXHAUSTED, "Too many requests: words of theirs"),
    "no_funds": (
        429,
        _EXHAUSTED,
        "Your team has either used all available credits or reached its monthly spending limit.",
    ),
    "new_team": (403, _FORBIDDEN, "Your newly created team doesn't have any credits yet."),
    "unauthorized": (400, _INVALID, "Incorrect API key provided: words of theirs"),
    "forbidden": (403, _FORBIDDEN, "words of theirs"),
    "model_gone": (404, "Some requested entity was not found", "words of theirs"),
    "transient": (503, "The service is currently unavailable", "words of theirs"),
}


class XaiVendor(Vendor):
    name = "xai"
    model = "grok-imagine-image"
    # How many pictures each model takes, and which qualities.
    models: ClassVar[dict[str, tuple[int, set[str]]]] = {
        "grok-imagine-image": (3, set()),
        "grok-imagine-image-2.0": (5, {"low", "medium"}),
    }

    def __init__(self) -> None:
        super().__init__()
        # What moderation does to an image that was made.
        self.is_clean = True
        self.block_reason = ""

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.account['key']}":
            return self.trouble("unauthorized")
        if asked.method == "GET":
            require(asked.path == "/api-key", "an unknown path")
            return Answer(body={"name": "a key", "api_key_blocked": False})
        require(asked.headers["content-type"] == "application/json", "no JSON")
        body = asked.json
        if body["model"] not in self.models:
            return self.trouble("model_gone")
        if asked.path == "/images/generations":
            self._check(body, set(), _RATIOS | _TALL)
        else:
            require(asked.path == "/images/edits", f"an unknown path {asked.path}")
            self._check(body, {"image", "images"}, _RATIOS)
            self._check_pictures(body)
        return self.next_trouble() or self._made()

    def _check(self, body: Any, more: set[str], ratios: set[str]) -> None:
        _, qualities = self.models[body["model"]]
        known = {"model", "prompt", "n", "aspect_ratio", "resolution", "response_format"}
        known |= {"quality"} if qualities else set()
        require(set(body) <= known | more, f"fields {set(body)}")
        require(isinstance(body["prompt"], str) and body["prompt"], "no prompt")
        require(type(body["n"]) is int and 1 <= body["n"] <= 10, "n")
        require(body["aspect_ratio"] in ratios, f"ratio {body['aspect_ratio']}")
        require(body["resolution"] in {"1k", "2k"}, f"resolution {body['resolution']}")
        require(body["response_format"] in {"url", "b64_json"}, "response_format")
        require(body.get("quality", "low") in qualities | {"low"}, "quality")

    def _check_pictures(self, body: Any) -> None:
        most, _ = self.models[body["model"]]
        require(("image" in body) != ("images" in body), "one of image and images")
        images = body.get("images", [body.get("image")])
        require(1 <= len(images) <= most, f"{len(images)} pictures")
        for image in images:
            require(set(image) == {"type", "url"}, f"image {set(image)}")
            require(image["type"] == "image_url", "type")
            require(re.fullmatch(_DATA_URI, image["url"]), "no data URI")

    def _made(self) -> Answer:
        if self.block_reason:
            return Answer(body={"data": [], "block_reason": self.block_reason})
        body = b64encode(picture(form="JPEG")).decode()
        entry: dict[str, Any] = {"mime_type": "image/jpeg", "revised_prompt": ""}
        entry |= {"b64_json": f"data:image/jpeg;base64,{body}", "respect_moderation": True}
        if not self.is_clean:
            entry = {"b64_json": "", "respect_moderation": False}
        return Answer(
            body={
                "data": [entry] * self.images,
                "usage": {"cost_in_usd_ticks": 220_000_000 * max(self.images, 1)},
            }
        )

    def trouble(self, kind: str) -> Answer:
        status, code, said = _ERRORS[kind]
        headers = {"retry-after": "11"} if kind == "rate_limited" else {}
        return Answer(status=status, body={"code": code, "error": said}, headers=headers)
