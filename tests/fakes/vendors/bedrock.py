"""InvokeModel of Stability AI's models, after the user guide, as the deployment's own client
passes its answers on.
"""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from typing import Any, ClassVar
from urllib.parse import unquote

import jsonschema
from PIL import Image

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_FILE = {"type": "string", "minLength": 1}
_COMMON = {
    "prompt": {"type": "string", "maxLength": 10000},
    "negative_prompt": {"type": "string", "maxLength": 10000},
    "seed": {"type": "integer", "minimum": 0, "maximum": 4294967294},
    "output_format": {"enum": ["png", "jpeg"]},
}
_GENERATED = {
    **_COMMON,
    "aspect_ratio": {"enum": ["16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21"]},
}
_AFTER_PICTURE = {"image": _FILE, "strength": {"type": "number", "minimum": 0, "maximum": 1}}


def _schema(*needed: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(needed),
        "additionalProperties": False,
    }


MODELS = {
    "stability.stable-image-ultra-v1:1": _schema("prompt", **_GENERATED, **_AFTER_PICTURE),
    "stability.stable-image-core-v1:1": _schema("prompt", **_GENERATED),
    "stability.sd3-5-large-v1:0": _schema(
        "prompt",
        **_GENERATED,
        **_AFTER_PICTURE,
        mode={"enum": ["text-to-image", "image-to-image"]},
    ),
    "us.stability.stable-image-inpaint-v1:0": _schema(
        "image", "prompt", **_COMMON, image=_FILE, mask=_FILE
    ),
    "us.stability.stable-image-remove-background-v1:0": _schema(
        "image", image=_FILE, output_format={"enum": ["png"]}
    ),
}
_ERRORS = {
    "invalid": (400, "ValidationException"),
    "quota": (400, "ServiceQuotaExceededException"),
    "rate_limited": (429, "ThrottlingException"),
    "not_ready": (429, "ModelNotReadyException"),
    "unauthorized": (403, "AccessDeniedException"),
    "model_gone": (404, "ResourceNotFoundException"),
    "cut_off": (408, "ModelTimeoutException"),
    "model_error": (424, "ModelErrorException"),
    "unavailable": (503, "ServiceUnavailableException"),
    "transient": (500, "InternalServerException"),
}


class BedrockVendor(Vendor):
    name = "bedrock"
    model = "stability.stable-image-ultra-v1:1"
    account: ClassVar[dict[str, str]] = {}
    # No money is told of: AWS sends a bill.
    troubles = ("moderation", "invalid", "rate_limited", "unauthorized", "model_gone", "transient")

    def __init__(self) -> None:
        super().__init__()
        self.finish_reason: str | None = None
        self.is_signed = False

    def answer(self, asked: Asked) -> Answer:
        is_signed = asked.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256")
        require(is_signed == self.is_signed, "the adapter signs nothing, the SDK everything")
        require(asked.headers["content-type"] == "application/json", "a body of JSON")
        require(asked.headers["accept"] == "application/json", "an answer in JSON")
        path = re.fullmatch(r"/model/([\w.%-]+)/invoke", asked.path)
        require(asked.method == "POST" and path, f"an unknown path {asked.path}")
        model = unquote(path[1] if path else "")
        if model not in MODELS:
            return self.trouble("model_gone")
        jsonschema.validate(asked.json, MODELS[model])
        _check_together(asked.json)
        return self.next_trouble() or self._answered()

    def _answered(self) -> Answer:
        if self.finish_reason is not None:
            return Answer(body={"finish_reasons": [self.finish_reason]})
        images = [b64encode(picture()).decode()] * self.images
        return Answer(body={"seeds": [7], "finish_reasons": [None], "images": images})

    def trouble(self, kind: str) -> Answer:
        if kind == "moderation":
            return Answer(body={"finish_reasons": ["Filter reason: prompt"]})
        status, code = _ERRORS[kind]
        return Answer(status=status, body={"code": code, "message": "words of theirs"})


def _check_together(given: dict[str, Any]) -> None:
    """What holds between fields, which the schemas do not say."""
    for name in {"image", "mask"} & given.keys():
        Image.open(io.BytesIO(b64decode(given[name], validate=True))).load()
    if "strength" in given:
        require("image" in given and "aspect_ratio" not in given, "a ratio is for text alone")
    if "mode" in given:
        is_edit = given["mode"] == "image-to-image"
        require(is_edit == ("image" in given), "the mode is not that of the fields")
