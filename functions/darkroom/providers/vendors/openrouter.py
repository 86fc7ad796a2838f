"""OpenRouter's Images API: one request shape for many makers' models, answered at once.

Which fields a model knows is its own (GET /images/models lists it), and one that it does not know
is refused: so each family has a row of what it is sent, and others only what all of them take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import data_uri
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    HttpRequest,
    Images,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import code_of, dig, entries, number, picture, text
from darkroom.providers.sizing import covering, nearest_ratio, step_for
from darkroom.providers.wording import prompt_with

_COMMON = ("1:1", "3:4", "4:3", "9:16", "16:9")
_WIDE = (*_COMMON, "2:3", "3:2", "21:9")
_FINE = (*_WIDE, "4:5", "5:4")
_STRIPS = ("1:4", "4:1", "1:8", "8:1")
_STEPS = (("1K", 1024), ("2K", 2048), ("4K", 4096))
_SMALL = ("512", 512)
# Seeds go on to makers that read them into signed integers of 32 bits.
_SEEDS = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    ratios: tuple[str, ...]
    steps: tuple[tuple[str, int], ...] = ()
    has_formats: bool = False
    has_seed: bool = False


_FAMILIES: Mapping[str, _Family] = {
    "sourceful/riverflow-v2-": _Family(ratios=_WIDE, steps=_STEPS, has_formats=True),
    # Of these we know no more than the steps.
    "sourceful/riverflow-v2.6-": _Family(ratios=_COMMON, steps=_STEPS),
    "sourceful/riverflow-v2.5-": _Family(ratios=_COMMON, steps=_STEPS[:2]),
    "google/gemini-3.1-flash-image": _Family(ratios=_FINE + _STRIPS, steps=(_SMALL, *_STEPS)),
    "google/gemini-3-pro-image": _Family(ratios=_FINE, steps=_STEPS),
    "bytedance-seed/seedream-4.5": _Family(ratios=_COMMON, steps=_STEPS, has_seed=True),
    "": _Family(ratios=_COMMON),
}


class OpenRouter(JsonAdapter):
    base_url = "https://openrouter.ai/api/v1"

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request = wanted.request
        family = next(row for start, row in _FAMILIES.items() if wanted.model.startswith(start))
        ratio = nearest_ratio(request.width, request.height, family.ratios)
        fields: dict[str, Any] = {
            "model": wanted.model,
            "prompt": prompt_with(request, "negative_prompt", "strength"),
            "n": 1,
            "aspect_ratio": ratio,
        }
        if family.steps:
            size = covering(request.width, request.height, ratio)
            fields["resolution"] = step_for(*size, family.steps)
        if family.has_formats:
            fields["output_format"] = "png"
        if family.has_seed:
            fields["seed"] = wanted.seed % _SEEDS
        if wanted.pictures.references:
            fields["input_references"] = [
                {"type": "image_url", "image_url": {"url": data_uri(reference)}}
                for reference in wanted.pictures.references
            ]
        return self.ask("POST", "/images", fields)

    def started(self, data: Any) -> Started:
        code = dig(data, "error", "code")
        if code is not None:
            # It had begun to answer when the model's maker failed.
            said = self.read_error(ErrorReply(status=code, word=code_of(code), data=data))
            return said or Failed(kind=FailureKind.UNKNOWN, reason=code_of(code))
        return Images(
            bodies=tuple(picture(text(image, "b64_json")) for image in entries(data, "data")),
            usd=number(data, "usage", "cost"),
        )

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        about = dig(error.data, "error", "metadata")
        # A key without the right to do something is a 403 as well, and has no such details.
        if error.status == 403 and (dig(about, "reasons") or dig(about, "flagged_input")):  # noqa: PLR2004
            return Refused(reason="moderation")
        # Of a model that it has never had it says so with a 400, and has no code for it.
        if "not a valid model" in text(error.data, "error", "message"):
            return Failed(kind=FailureKind.MODEL_GONE, reason="unknown_model")
        return None

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/key")
