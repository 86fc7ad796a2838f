"""Stability AI's v2beta, after its own description of the forms (2026-11, 1 MP a picture)."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import jsonschema
from PIL import Image

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_MOST_BYTES = 10 * 1024 * 1024
_RATIO = {"enum": ["21:9", "16:9", "3:2", "5:4", "1:1", "4:5", "2:3", "9:16", "9:21"]}
_FILE = {"const": "a file"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_COMMON = {
    "prompt": {"type": "string", "minLength": 1, "maxLength": 10000},
    "negative_prompt": {"type": "string", "maxLength": 10000},
    "seed": {"type": "integer", "minimum": 0, "maximum": 4294967294},
    "output_format": {"enum": ["png", "jpeg", "webp"]},
    "style_preset": {"type": "string"},
}
_MODELS = {"enum": ["sd3.5-large", "sd3.5-large-turbo", "sd3.5-medium", "sd3.5-flash"]}


def _form(*needed: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(needed),
        "additionalProperties": False,
    }


_FORMS = {
    "generate/ultra": _form("prompt", **_COMMON, aspect_ratio=_RATIO, image=_FILE, strength=_SHARE),
    "generate/core": _form("prompt", **_COMMON, aspect_ratio=_RATIO),
    "generate/sd3": _form(
        "prompt",
        **_COMMON,
        aspect_ratio=_RATIO,
        image=_FILE,
        strength=_SHARE,
        mode={"enum": ["text-to-image", "image-to-image"]},
        model=_MODELS,
        cfg_scale={"type": "number", "minimum": 1, "maximum": 10},
    ),
    "edit/inpaint": _form(
        "image", "prompt", **_COMMON, image=_FILE, mask=_FILE, grow_mask={"type": "number"}
    ),
    "edit/remove-background": _form("image", image=_FILE, output_format={"enum": ["png", "webp"]}),
}
_NUMBERS = {"seed": int, "strength": float, "cfg_scale": float, "grow_mask": float}
_ERRORS = {
    "moderation": (403, "content_moderation"),
    "public_figure": (422, "public_figure"),
    "invalid": (400, "bad_request"),
    "invalid_language": (422, "invalid_language"),
    "rate_limited": (429, "rate_limit_exceeded"),
    "no_funds": (402, "payment_required"),
    "unauthorized": (401, "unauthorized"),
    "model_gone": (404, "not_found"),
    "transient": (500, "internal_error"),
}


class StabilityVendor(Vendor):
    name = "stability"
    model = "ultra"

    def __init__(self) -> None:
        super().__init__()
        self.finish_reason = "SUCCESS"

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.account['key']}":
            return self.trouble("unauthorized")
        if asked.method == "GET":
            require(asked.path == "/v1/user/balance", "an unknown path")
            return Answer(body={"credits": 12.5})
        require(asked.headers.get("accept") == "application/json", "an answer in JSON")
        require(asked.headers["content-type"].startswith("multipart/form-data;"), "a form")
        require(len(asked.body) <= _MOST_BYTES, "a body of 10 MiB")
        _, found, service = asked.path.partition("/v2beta/stable-image/")
        require(found, "an unknown path")
        fields = read_form(asked)
        jsonschema.validate(fields, _FORMS[service])
        if service.startswith("generate/"):
            _check_generation(service, fields)
        return self.next_trouble() or self._image()

    def _image(self) -> Answer:
        body: dict[str, Any] = {"seed": 7, "finish_reason": self.finish_reason}
        if self.images:
            body["image"] = b64encode(picture()).decode()
        return Answer(body=body, headers={"content-type": "application/json; type=image/png"})

    def trouble(self, kind: str) -> Answer:
        status, name = _ERRORS[kind]
        return Answer(
            status=status, body={"id": "a1b2c3", "name": name, "errors": ["words of theirs"]}
        )


def _check_generation(service: str, fields: dict[str, Any]) -> None:
    """What holds between fields, which a schema of forms does not say."""
    require(("image" in fields) == ("strength" in fields), "a picture goes with its strength")
    if service == "generate/sd3":
        is_edit = fields.get("mode") == "image-to-image"
        require(("image" in fields) == is_edit, "the mode is not that of the fields")
        require(not (is_edit and "aspect_ratio" in fields), "a ratio beside a picture")
        is_turbo = fields.get("model", "").endswith("turbo")
        require(not (is_turbo and "negative_prompt" in fields), "no negative prompt for turbo")


def read_form(asked: Asked) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, filename, content in asked.form:
        require(name not in fields, f"{name} twice")
        if filename:
            opened = Image.open(io.BytesIO(content))
            opened.load()
            require(min(opened.size) >= 64, "a side below 64 pixels")
            fields[name] = "a file"
        else:
            fields[name] = _NUMBERS.get(name, str)(content.decode())
    return fields
