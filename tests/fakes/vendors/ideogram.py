"""Ideogram's v1 addresses of the 3.0 model and its legacy ones, held against its description."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from PIL import Image

from tests.fakes.descriptions import description
from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_MOST_BYTES = 10 * 1024 * 1024
_MODELS = {"V_1", "V_1_TURBO", "V_2", "V_2_TURBO", "V_2A", "V_2A_TURBO"}
# Where each address' body is described, and which of its fields are files.
_BODIES = {
    "/v1/ideogram-v3/generate": "GenerateImageRequestV3",
    "/v1/ideogram-v3/edit": "EditImageRequestV3",
    "/v1/ideogram-v3/remix": "RemixImageRequestV3",
    "/generate": "GenerateImageRequest",
    "/edit": "EditImageRequest",
    "/remix": "RemixImageRequest",
}
# Younger than the description: https://developer.ideogram.ai/api-reference/images/generate/
_V4 = "/v2/image/generate/ideogram-4-5"
_V4_FIELDS = {"prompt", "seed", "magic_prompt", "num_images", "size", "quality"}
_V4_SIZES = """
1024x1024 1280x720 720x1280 1152x864 864x1152 1248x832 832x1248 1120x896 896x1120 1440x720 720x1440
2048x2048 2560x1440 1440x2560 2304x1728 1728x2304 2496x1664 1664x2496 2240x1792 1792x2240 2880x1440
1440x2880
"""
_NUMBERS = {"seed", "num_images", "image_weight"}
_LISTS = {"style_reference_images"}
_ERRORS: Mapping[str, tuple[int, dict[str, Any]]] = {
    "moderation": (422, {"error": "words of theirs: Prompt provided failed safety check"}),
    "invalid": (400, {"error": "words of theirs"}),
    "rate_limited": (
        429,
        {
            "error": "words of theirs",
            "reject_reason": "inflight_limit",
            "max_inflight_requests": 10,
        },
    ),
    "no_funds": (402, {"error": "words of theirs", "reject_reason": "insufficient_funds"}),
    "unauthorized": (401, {"error": "words of theirs"}),
    "model_gone": (404, {"error": "words of theirs"}),
    "transient": (500, {"error": "words of theirs"}),
}


class IdeogramVendor(Vendor):
    name = "ideogram"
    model = "ideogram-v3"
    description: ClassVar[str] = "ideogram.openapi.json"

    def __init__(self) -> None:
        super().__init__()
        # How many of the images a filter lets through; None for all.
        self.safe: int | None = None

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("api-key") != self.account["key"]:
            return self.trouble("unauthorized")
        require(asked.method == "POST", "an unknown method")
        if asked.path == _V4:
            _check_v4(asked)
            return self.next_trouble() or self._images()
        schema = _BODIES[asked.path]
        kind = asked.headers["content-type"].partition(";")[0]
        is_json = kind == "application/json"
        require(is_json == asked.path.endswith("/generate"), f"{kind} for {asked.path}")
        body = asked.json if is_json else _of_form(asked)
        self.conforms(schema, body)
        self._check_names(schema, body)
        if schema in {"GenerateImageRequest", "RemixImageRequest"}:
            self._check_legacy(body["image_request"])
        if schema == "EditImageRequest":
            require(body["model"] in {"V_2", "V_2_TURBO"}, "a model that edits")
        if "edit" in asked.path:
            _check_mask(asked)
        return self.next_trouble() or self._images()

    def _check_names(self, schema: str, body: Mapping[str, Any]) -> None:
        document = description(self.description)
        if document is not None:
            known = document["components"]["schemas"][schema]["properties"]
            require(body.keys() <= known.keys(), f"{body.keys() - known.keys()} unknown")
        require(not {"resolution", "aspect_ratio"} <= body.keys(), "one of ratio and resolution")

    def _check_legacy(self, asked: Mapping[str, Any]) -> None:
        self._check_names("ImageRequest", _without_weight(asked))
        require(asked["model"] in _MODELS, "an unknown model")
        require("negative_prompt" not in asked or "2A" not in asked["model"], "no such field")

    def _images(self) -> Answer:
        safe = self.images if self.safe is None else self.safe
        data = [self._image(number < safe) for number in range(self.images)]
        body = {"created": "2026-11-21T12:00:00+00:00", "data": data}
        self.conforms("ImageGenerationResponseV3", body)
        return Answer(body=body)

    def _image(self, is_safe: bool) -> dict[str, Any]:  # noqa: FBT001 - one of its fields
        return {
            "url": self.upstream.keep(picture()) if is_safe else None,
            "prompt": "a red boat",
            "resolution": "1024x1024",
            "is_image_safe": is_safe,
            "seed": 7,
        }

    def trouble(self, kind: str) -> Answer:
        status, body = _ERRORS[kind]
        return Answer(status=status, body=body)


def _without_weight(asked: Mapping[str, Any]) -> dict[str, Any]:
    weight = asked.get("image_weight", 50)
    require(isinstance(weight, int) and 1 <= weight <= 100, "image_weight")
    return {name: value for name, value in asked.items() if name != "image_weight"}


def _of_form(asked: Asked) -> dict[str, Any]:
    """The body as the description tells it: files as texts, numbers as numbers."""
    body: dict[str, Any] = {}
    for name, filename, content in asked.form:
        if filename:
            require(len(content) <= _MOST_BYTES, f"{name} is too large")
            Image.open(io.BytesIO(content)).load()
        value: Any = "a file" if filename else content.decode()
        if name in _LISTS:
            body.setdefault(name, []).append(value)
            continue
        require(name not in body, f"{name} twice")
        body[name] = int(value) if name in _NUMBERS else value
    if "image_request" in body:
        body["image_request"] = json.loads(body["image_request"])
    return body


def _check_v4(asked: Asked) -> None:
    is_json = asked.headers["content-type"].partition(";")[0] == "application/json"
    parts = [] if is_json else asked.form
    files = [(name, content) for name, filename, content in parts if filename]
    texts = {name: content.decode() for name, filename, content in parts if not filename}
    body = asked.json if is_json else texts
    require(set(body) <= _V4_FIELDS, f"fields {set(body)}")
    require(0 < len(body["prompt"]) <= 10_000, "a prompt of 1 to 10,000")
    require(0 <= int(body.get("seed", 0)) < 2**31, "seed")
    require(body["magic_prompt"] == "off", "a prompt of its own")
    require(1 <= int(body.get("num_images", 1)) <= 8, "num_images")
    qualities = {"low", "medium", "high"} | (set() if is_json else {"very_low"})
    require(body.get("quality", "high") in qualities, f"quality {body.get('quality')}")
    if is_json:
        require(body.get("size", "auto") in _V4_SIZES.split(), f"size {body['size']}")
        return
    images = [Image.open(io.BytesIO(content)) for name, content in files if name == "images"]
    masks = [Image.open(io.BytesIO(content)) for name, content in files if name == "mask"]
    require(len(images) + len(masks) == len(files), "an unknown file")
    require(1 <= len(images) <= 5, f"{len(images)} pictures")
    require([mask.size for mask in masks] in ([], [images[0].size]), "a mask of that size")
    if body["size"] not in {"auto", "source"}:
        width, height = map(int, body["size"].split("x"))
        require(width % 32 == height % 32 == 0 and min(width, height) >= 256, body["size"])
        require(width * height <= 2048 * 2048 and 1 / 6 <= width / height <= 6, body["size"])


def _check_mask(asked: Asked) -> None:
    sizes = {
        Image.open(io.BytesIO(content)).size
        for name, _, content in asked.form
        if name in {"image", "image_file", "mask"}
    }
    require(len(sizes) == 1, "an image and a mask of one size")
