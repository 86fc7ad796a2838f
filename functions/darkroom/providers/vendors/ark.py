"""BytePlus ModelArk's Seedream, answered at once; in China, with ids of its own, Volcengine Ark.

Seedream takes seeds and guidance in its third generation only, which is not served here.
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
from darkroom.providers.replies import code_of, entries, picture, text
from darkroom.providers.sizing import fitted
from darkroom.providers.wording import prompt_with

# By what the model's id contains, the fewest and the most pixels. A customer's own endpoint does
# not tell its model: what is last is within the bounds of all that are sold.
_PIXELS = (
    ("seedream-4-0", 1280 * 720, 4096 * 4096),
    ("seedream-4-5", 2560 * 1440, 4096 * 4096),
    ("seedream-5-5", 1024 * 1024, 2048 * 2048),
    ("seedream-5-0-pro", 1024 * 1024, 2048 * 2048),
    ("", 2560 * 1440, 10_404_496),
)
# One to sixteen is the bound, and rounding must not pass it.
_WIDEST = 15
_WITH_FORMATS = ("seedream-5-",)
# These make no groups and refuse the fields of groups, whatever they say.
_WITHOUT_GROUPS = ("seedream-5-0-pro", "seedream-5-5")
_REFUSALS = ("SensitiveContent", "RiskDetection", "PolicyViolation")
# By what its codes contain: they have endings of their own.
_FAILURE_KINDS = {
    "Overdue": FailureKind.NO_FUNDS,
    "SetLimitExceeded": FailureKind.NO_FUNDS,  # the limit that the account's owner has set
    "InvalidEndpointOrModel": FailureKind.MODEL_GONE,
    "ModelNotOpen": FailureKind.MODEL_GONE,
    "UnsupportedModel": FailureKind.MODEL_GONE,
}


class Ark(JsonAdapter):
    base_url = "https://ark.ap-southeast.bytepluses.com/api/v3"

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        fields: dict[str, Any] = {
            "model": wanted.model,
            "prompt": prompt_with(wanted.request, "negative_prompt", "strength"),
            "size": "{}x{}".format(*_size(wanted)),
            "response_format": "b64_json",
            "watermark": False,
        }
        if not _is_one_of(_WITHOUT_GROUPS, wanted.model):
            # The only way to say one image: it has no count.
            fields |= {"sequential_image_generation": "disabled", "stream": False}
        if _is_one_of(_WITH_FORMATS, wanted.model):
            fields["output_format"] = "png"
        references = [data_uri(reference) for reference in wanted.pictures.references]
        if references:
            fields["image"] = references[0] if len(references) == 1 else references
        return self.ask("POST", "/images/generations", fields)

    def started(self, data: Any) -> Started:
        made = entries(data, "data")
        images = tuple(
            picture(text(image, "b64_json")) for image in made if text(image, "b64_json")
        )
        if images:
            return Images(bodies=images, model=text(data, "model"))
        # An image that failed has an error of its own, in an answer that is good otherwise.
        errors = (text(holder, "error", "code") for holder in (*made, data))
        word = code_of(next((code for code in errors if code), ""))
        return _told(word) or Failed(kind=FailureKind.UNKNOWN, reason=word or "no_images")

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        return _told(error.word)

    def check(self) -> HttpRequest | None:
        # The list of its videos in the making: of images it keeps none.
        return self.ask("GET", "/contents/generations/tasks?page_num=1&page_size=1")


def _is_one_of(marks: tuple[str, ...], model: str) -> bool:
    """In China the ids begin with `doubao-`."""
    return any(mark in model for mark in marks)


def _told(word: str) -> Refused | Failed | None:
    if any(mark in word for mark in _REFUSALS):
        return Refused(reason=word)
    mark = next((mark for mark in _FAILURE_KINDS if mark in word), "")
    return Failed(kind=_FAILURE_KINDS[mark], reason=word) if mark else None


def _size(wanted: ProviderRequest) -> tuple[int, int]:
    _, least, most = next(row for row in _PIXELS if row[0] in wanted.model)
    return fitted(
        wanted.request.width,
        wanted.request.height,
        multiple=8,
        least_pixels=least,
        most_pixels=most,
        widest=_WIDEST,
    )
