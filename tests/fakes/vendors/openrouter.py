"""OpenRouter's Images API."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, ClassVar

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_DATA_URI = r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*"
_WIDE = {"1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "21:9", "auto"}
_FINE = _WIDE - {"auto"} | {"4:5", "5:4"}
_COMMON = {"1:1", "4:3", "3:4", "16:9", "9:16"}
_ALWAYS = {"model", "prompt", "n", "aspect_ratio", "input_references"}
_ERRORS = {
    "moderation": (403, {"reasons": ["violence"], "flagged_input": "words of theirs"}),
    "flagged": (403, {"flagged_input": "words of theirs"}),
    "forbidden": (403, None),
    "invalid": (400, None),
    "too_large": (413, None),
    "rate_limited": (429, {"headers": {"X-RateLimit-Remaining": "0"}}),
    "no_funds": (402, None),
    "unauthorized": (401, None),
    "model_gone": (404, None),
    "transient": (502, {"provider_name": "Sourceful", "raw": "words of theirs"}),
    "overloaded": (529, None),
    "cut_off": (524, None),
    "slow": (408, None),
}


class OpenRouterVendor(Vendor):
    name = "openrouter"
    model = "sourceful/riverflow-v2-pro"
    description = "openrouter-images.subset.openapi.json"
    # As GET /images/models has it: fields beside those of all, ratios, resolutions, pictures.
    models: ClassVar[dict[str, tuple[set[str], set[str], set[str], int]]] = {
        "sourceful/riverflow-v2-pro": (
            {"resolution", "output_format", "background", "output_compression"},
            _WIDE,
            {"1K", "2K", "4K"},
            10,
        ),
        "sourceful/riverflow-v2-fast": (
            {"resolution", "output_format", "background", "output_compression"},
            _WIDE,
            {"1K", "2K", "4K"},
            4,
        ),
        "sourceful/riverflow-v2.6-pro": ({"resolution"}, _COMMON, {"1K", "2K", "4K"}, 4),
        "sourceful/riverflow-v2.5-pro": ({"resolution"}, _COMMON, {"1K", "2K"}, 4),
        "sourceful/riverflow-v2.5-fast": ({"resolution"}, _COMMON, {"1K", "2K"}, 4),
        "google/gemini-3.1-flash-image": (
            {"resolution"},
            _FINE | {"1:4", "4:1", "1:8", "8:1"},
            {"512", "1K", "2K", "4K"},
            14,
        ),
        "google/gemini-3-pro-image": ({"resolution"}, _FINE, {"1K", "2K", "4K"}, 14),
        "bytedance-seed/seedream-4.5": (
            {"resolution", "seed"},
            _WIDE,
            {"1K", "2K", "4K"},
            14,
        ),
        "recraft/recraft-v4.1": (
            {"output_format"},
            {"1:1", "4:3", "3:4", "16:9", "9:16", "auto"},
            set(),
            3,
        ),
    }

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.account['key']}":
            return self.trouble("unauthorized")
        if asked.method == "GET":
            require(asked.path == "/key", "an unknown path")
            return Answer(body={"data": {"label": "a key", "limit_remaining": None}})
        require(asked.path == "/images", f"an unknown path {asked.path}")
        require(asked.headers["content-type"] == "application/json", "no JSON")
        body = asked.json
        if body["model"] not in self.models:
            return self._unknown(body["model"])
        self._check(body)
        return self.next_trouble() or self._made()

    def _check(self, body: Any) -> None:
        self.conforms("ImageGenerationRequest", body)
        more, ratios, resolutions, pictures = self.models[body["model"]]
        require(set(body) <= _ALWAYS | more, f"fields {set(body)}")
        require(body["prompt"], "no prompt")
        require(body["n"] == 1, "one image a request")
        require(body["aspect_ratio"] in ratios, f"ratio {body['aspect_ratio']}")
        if "resolution" in body:
            require(body["resolution"] in resolutions, f"resolution {body['resolution']}")
        require(body.get("output_format", "png") in {"png", "jpeg", "webp"}, "output_format")
        require(0 <= body.get("seed", 0) < 2**31, "seed")
        references = body.get("input_references", [])
        require(len(references) <= pictures, f"{len(references)} pictures")
        for reference in references:
            require(set(reference) == {"type", "image_url"}, f"reference {set(reference)}")
            require(reference["type"] == "image_url", "type")
            require(re.fullmatch(_DATA_URI, reference["image_url"]["url"]), "no data URI")

    def _made(self) -> Answer:
        entry = {"b64_json": b64encode(picture()).decode(), "media_type": "image/png"}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "cost": 0.15}
        body = {"created": 1, "data": [entry] * self.images, "usage": usage}
        self.conforms("ImageGenerationResponse", body)
        return Answer(body=body)

    def _unknown(self, model: str) -> Answer:
        error = {"code": 400, "message": f"{model} is not a valid model ID"}
        return Answer(status=400, body={"error": error, "user_id": "u"})

    def trouble(self, kind: str) -> Answer:
        status, about = _ERRORS[kind]
        error = {"code": status, "message": "words of theirs"}
        error |= {} if about is None else {"metadata": about}
        headers = {"retry-after": "5"} if kind == "rate_limited" else {}
        return Answer(status=status, body={"error": error, "user_id": "u"}, headers=headers)
