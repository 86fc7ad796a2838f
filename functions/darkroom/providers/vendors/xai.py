"""xAI's images: generations and edits, both in JSON, answered at once.

Its errors have a code of a few words and a sentence, and only the sentence tells a bad key from a
bad request, or a refusal from a lack of rights. Images that its moderation takes away after they
were made come with a 200.
"""

from __future__ import annotations

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
from darkroom.providers.replies import code_of, dig, entries, picture, text
from darkroom.providers.sizing import covering, nearest_ratio, step_for
from darkroom.providers.wording import prompt_with

# What both endpoints take.
_RATIOS = ("1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "1:2", "2:1")
_TALL = ("9:19.5", "19.5:9", "9:20", "20:9")
_STEPS = (("1k", 1024), ("2k", 2048))
# Others answer a quality with an error.
_WITH_QUALITY = ("grok-imagine-image-2",)
_TICKS = 10**10  # in a dollar
_MOST_TICKS = 10**15  # a number, and no infinity
# What its sentences are recognised by.
_REFUSALS = ("content moderation", "usage guidelines", "safety_check_type")
_FAILURE_KINDS = {
    "incorrect api key": FailureKind.UNAUTHORIZED,  # with a status of 400
    "credits": FailureKind.NO_FUNDS,  # with 403 or 429
    "spending limit": FailureKind.NO_FUNDS,
}


class Xai(JsonAdapter):
    base_url = "https://api.x.ai/v1"

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request = wanted.request
        images = [
            {"type": "image_url", "url": data_uri(reference)}
            for reference in wanted.pictures.references
        ]
        ratios = _RATIOS if images else _RATIOS + _TALL
        ratio = nearest_ratio(request.width, request.height, ratios)
        fields: dict[str, Any] = {
            "model": wanted.model,
            "prompt": prompt_with(request, "negative_prompt", "strength"),
            "n": 1,
            "aspect_ratio": ratio,
            "resolution": step_for(*covering(request.width, request.height, ratio), _STEPS),
            "response_format": "b64_json",
        }
        if request.quality is not None and wanted.model.startswith(_WITH_QUALITY):
            fields["quality"] = request.quality
        if not images:
            return self.ask("POST", "/images/generations", fields)
        fields |= {"image": images[0]} if len(images) == 1 else {"images": images}
        return self.ask("POST", "/images/edits", fields)

    def started(self, data: Any) -> Started:
        made = entries(data, "data")
        kept = [image for image in made if dig(image, "respect_moderation") is not False]
        if kept:
            return Images(
                bodies=tuple(picture(text(image, "b64_json")) for image in kept), usd=_usd(data)
            )
        # Of a prompt that is blocked before anything is made, only the reason comes back.
        blocked = next((str(name) for name in data if "block" in name and data[name]), "")
        if made or blocked:
            return Refused(reason=code_of(blocked) or "respect_moderation")
        return Failed(kind=FailureKind.UNKNOWN, reason="no_images")

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        error = dig(error.data, "error")
        said = (error if isinstance(error, str) else text(error, "message")).lower()
        refusal = next((mark for mark in _REFUSALS if mark in said), "")
        if refusal:
            return Refused(reason=code_of(refusal))
        mark = next((mark for mark in _FAILURE_KINDS if mark in said), "")
        return Failed(kind=_FAILURE_KINDS[mark], reason=code_of(mark)) if mark else None

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/api-key")


def _usd(data: Any) -> float | None:
    ticks = dig(data, "usage", "cost_in_usd_ticks")
    is_number = isinstance(ticks, int | float) and not isinstance(ticks, bool)
    return ticks / _TICKS if is_number and 0 <= ticks < _MOST_TICKS else None
