"""OpenAI's images: generations and edits, answered at once, always in base64.

Also other servers with the same API: then the account has `base_url`, and where they are needed
`auth_header` and `query`, which are Azure's, and `size`: the sizes, with commas between them, of a
server or a deployment whose model's name does not tell them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import clear_mask, field, file, form
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    HttpRequest,
    Images,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import address, entries, picture, text
from darkroom.providers.sizing import fitted, nearest_size
from darkroom.providers.wording import prompt_with

_THREE = ((1024, 1024), (1536, 1024), (1024, 1536))
# What a single one may not go below: 1024 × 640.
_LEAST_PIXELS = 655_360
# Later ones take any size that is a multiple of 16.
_OF_THREE_SIZES = ("gpt-image-1",)
_MODERATION = {
    "moderation_blocked",
    "content_policy_violation",
    "content_filter",
    "contentFilter",
}
_NO_FUNDS = {"insufficient_quota", "billing_hard_limit_reached"}
_GONE = {"model_not_found"}


class OpenAi(JsonAdapter):
    base_url = "https://api.openai.com/v1"
    # The format that loses nothing: the finishing makes what was asked for out of it.
    form_of_answer: ClassVar[Mapping[str, str]] = {"output_format": "png"}
    # What the form calls a picture that is the only one.
    lone_picture: ClassVar[str] = "image[]"

    def headers(self) -> Mapping[str, str]:
        header = self.account.get("auth_header")
        return {header: self.account["key"]} if header else super().headers()

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request = wanted.request
        fields: dict[str, Any] = {
            "model": wanted.model,
            "prompt": prompt_with(request, "negative_prompt", "strength"),
            "n": 1,
            "size": "{}x{}".format(*self._size(wanted)),
            **self.form_of_answer,
        }
        if request.quality is not None:
            fields["quality"] = request.quality
        if not wanted.pictures.references:
            return self.ask("POST", f"/images/generations{self._query}", fields)
        parts = [field(name, value) for name, value in fields.items()]
        first, *_ = references = wanted.pictures.references
        name = "image[]" if len(references) > 1 else self.lone_picture
        parts += [file(name, reference) for reference in references]
        if wanted.pictures.mask is not None:
            parts.append(file("mask", clear_mask(wanted.pictures.mask, first)))
        content_type, body = form(parts)
        return HttpRequest(
            method="POST",
            url=f"{self.base}/images/edits{self._query}",
            headers={**self.headers(), "content-type": content_type},
            body=body,
        )

    @property
    def _query(self) -> str:
        query = self.account.get("query", "")
        return f"?{query}" if query else ""

    def started(self, data: Any) -> Started:
        made = entries(data, "data")
        return Images(
            bodies=tuple(picture(code) for each in made if (code := text(each, "b64_json"))),
            urls=tuple(address(url) for each in made if (url := text(each, "url"))),
        )

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        if error.word in _MODERATION:
            return Refused(reason=error.word)
        if error.word in _NO_FUNDS:
            return Failed(kind=FailureKind.NO_FUNDS, reason=error.word)
        if error.word in _GONE:
            return Failed(kind=FailureKind.MODEL_GONE, reason=error.word)
        return None

    def check(self) -> HttpRequest | None:
        return self.ask("GET", f"/models{self._query}")

    def _size(self, wanted: ProviderRequest) -> tuple[int, int]:
        width, height = wanted.request.width, wanted.request.height
        offered = self.account.get("size")
        if offered:
            return nearest_size(width, height, [_sides(size) for size in offered.split(",")])
        if wanted.model.startswith(_OF_THREE_SIZES):
            return nearest_size(width, height, _THREE)
        return fitted(
            width,
            height,
            multiple=16,
            least_side=256,
            least_pixels=_LEAST_PIXELS,
            most_side=3840,
            most_pixels=3840 * 2160,
            widest=3,
        )


class Elsewhere(OpenAi):
    """At an address of its owner's: without one, a key of theirs would go to OpenAI."""

    def __init__(self, account: Mapping[str, str]) -> None:
        """Raises LookupError without a base_url."""
        if not account.get("base_url"):
            raise LookupError("no address")
        super().__init__(account)


class Compatible(Elsewhere):
    """A server that speaks as OpenAI did with its older models, perhaps without asking for a key.

    Some of them give addresses unless asked for the image itself, and some even then.
    """

    form_of_answer: ClassVar[Mapping[str, str]] = {"response_format": "b64_json"}
    lone_picture = "image"

    def headers(self) -> Mapping[str, str]:
        return super().headers() if self.account.get("key") else {}


def _sides(size: str) -> tuple[int, int]:
    width, _, height = size.strip().partition("x")
    return int(width), int(height)
