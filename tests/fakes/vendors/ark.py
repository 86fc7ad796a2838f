"""BytePlus ModelArk's Seedream."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, ClassVar

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_DATA_URI = r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*"
_KNOWN = {
    "model",
    "prompt",
    "image",
    "size",
    "response_format",
    "watermark",
}
_OF_GROUPS = {"sequential_image_generation", "stream"}
_ERRORS = {
    "moderation": (400, "OutputImageSensitiveContentDetected"),
    "text": (400, "InputTextSensitiveContentDetected.PolicyViolation"),
    "picture": (400, "InputImageSensitiveContentDetected"),
    "invalid": (400, "InvalidParameter"),
    "missing": (400, "MissingParameter.prompt"),
    "rate_limited": (429, "RateLimitExceeded.EndpointRPMExceeded"),
    "images_a_minute": (429, "ModelAccountIpmRateLimitExceeded"),
    "no_funds": (403, "AccountOverdueError"),
    "set_limit": (429, "SetLimitExceeded"),
    "unauthorized": (401, "AuthenticationError"),
    "forbidden": (403, "AccessDenied"),
    "model_gone": (404, "InvalidEndpointOrModel.NotFound"),
    "not_open": (404, "ModelNotOpen"),
    "transient": (500, "InternalServiceError"),
}


class ArkVendor(Vendor):
    name = "ark"
    model = "seedream-4-5-251128"
    # Further fields, the fewest and the most pixels, how many pictures.
    models: ClassVar[dict[str, tuple[set[str], int, int, int]]] = {
        "seedream-4-0-250828": (_OF_GROUPS, 921_600, 16_777_216, 10),
        "seedream-4-5-251128": (_OF_GROUPS, 3_686_400, 16_777_216, 14),
        "seedream-5-0-260128": (_OF_GROUPS | {"output_format"}, 3_686_400, 10_404_496, 14),
        "seedream-5-0-pro-260628": ({"output_format"}, 1_048_576, 4_194_304, 10),
        "seedream-5-5-261028": ({"output_format"}, 1_048_576, 4_194_304, 10),
        "ep-20261121-abcde": (_OF_GROUPS, 3_686_400, 10_404_496, 10),
    }

    def __init__(self) -> None:
        super().__init__()
        # The code of an error in place of an image, in a good answer.
        self.error_in_place = ""

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.account['key']}":
            return self.trouble("unauthorized")
        if asked.method == "GET":
            require(asked.path == "/contents/generations/tasks", "an unknown path")
            require(asked.query == {"page_num": "1", "page_size": "1"}, "parameters")
            return Answer(body={"items": [], "total": 0})
        require(asked.path == "/images/generations", f"an unknown path {asked.path}")
        require(asked.headers["content-type"] == "application/json", "no JSON")
        body = asked.json
        if body["model"] not in self.models:
            return self.trouble("model_gone")
        self._check(body)
        return self.next_trouble() or self._made(body)

    def _check(self, body: Any) -> None:
        more, least, most, pictures = self.models[body["model"]]
        require(set(body) <= _KNOWN | more, f"fields {set(body)}")
        require(isinstance(body["prompt"], str) and body["prompt"], "no prompt")
        require(re.fullmatch(r"\d+x\d+", body["size"]), f"size {body['size']}")
        width, height = map(int, body["size"].split("x"))
        require(least <= width * height <= most, f"{body['size']}: {width * height} pixels")
        require(1 / 16 <= width / height <= 16, f"{body['size']} is too wide or too high")
        if more >= _OF_GROUPS:
            require(body["sequential_image_generation"] == "disabled", "more than one image")
            require(body["stream"] is False, "events")
        require(body["response_format"] in {"url", "b64_json"}, "response_format")
        require(body["watermark"] is False, "a watermark")
        require(body.get("output_format", "png") in {"png", "jpeg"}, "output_format")
        images = body.get("image", [])
        images = [images] if isinstance(images, str) else images
        require(len(images) <= pictures, f"{len(images)} pictures")
        for image in images:
            require(re.fullmatch(_DATA_URI, image), "no data URI")

    def _made(self, body: Any) -> Answer:
        image = b64encode(picture(form="JPEG")).decode()
        entry: dict[str, Any] = {"b64_json": image, "size": body["size"]}
        if self.error_in_place:
            entry = {"error": {"code": self.error_in_place, "message": "words of theirs"}}
        return Answer(
            body={
                "model": body["model"],
                "created": 1,
                "data": [entry] * self.images,
                "usage": {"generated_images": self.images, "output_tokens": 1, "total_tokens": 1},
            }
        )

    def trouble(self, kind: str) -> Answer:
        status, code = _ERRORS[kind]
        error = {"code": code, "message": "words of theirs", "param": "", "type": "x"}
        headers = {"retry-after": "9"} if kind == "rate_limited" else {}
        return Answer(status=status, body={"error": error}, headers=headers)
