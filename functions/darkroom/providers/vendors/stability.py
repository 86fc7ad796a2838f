"""Stability AI, v2beta: forms in, base64 in JSON out, answered at once.

`ultra`, `core` and the models of `sd3` make pictures; `remove-background` cuts out. With a mask
the picture is inpainted, whichever model was meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import Part, field, file, form, white_mask
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    HttpRequest,
    Images,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import needed, picture, text
from darkroom.providers.sizing import nearest_ratio
from darkroom.providers.wording import prompt_with

_RATIOS = ("16:9", "1:1", "21:9", "2:3", "3:2", "4:5", "5:4", "9:16", "9:21")
# 0 stands for a random one.
_SEEDS = 2**32 - 1
_PNG = "png"
_CUT_OUT = "remove-background"
_SD3 = "sd3"
_WITH_PICTURE = ("ultra", _SD3)
_WITHOUT_NEGATIVE = "turbo"
_LEAST_GUIDANCE, _MOST_GUIDANCE = 1.0, 10.0
# Needed beside each picture; this is for requests that do not say.
_USUAL_STRENGTH = 0.5
_MODERATION = {"content_moderation", "public_figure"}
_TOO_MANY_REQUESTS = 429
# For so long an account is shut out that asks too often.
_SHUT_OUT = 60.0


class Stability(JsonAdapter):
    base_url = "https://api.stability.ai"

    def headers(self) -> Mapping[str, str]:
        return {**super().headers(), "accept": "application/json"}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        if wanted.model == _CUT_OUT and wanted.pictures.references:
            parts = [file("image", wanted.pictures.references[0]), field("output_format", _PNG)]
            return self._send("edit", _CUT_OUT, parts)
        if wanted.pictures.mask is not None and wanted.pictures.references:
            first = wanted.pictures.references[0]
            parts = _parts(_words(wanted, "strength") | _always(wanted))
            parts.append(file("image", first))
            parts.append(file("mask", white_mask(wanted.pictures.mask, first)))
            return self._send("edit", "inpaint", parts)
        kind = _SD3 if wanted.model.startswith(_SD3) else wanted.model
        fields = _words(wanted) | _always(wanted) | _shape(wanted, kind)
        if kind == _SD3:
            fields |= _of_sd3(wanted)
        parts = _parts(fields)
        if kind in _WITH_PICTURE and wanted.pictures.references:
            parts.append(file("image", wanted.pictures.references[0]))
        return self._send("generate", kind, parts)

    def _send(self, family: str, name: str, parts: list[Part]) -> HttpRequest:
        content_type, body = form(parts)
        request = self.ask("POST", f"/v2beta/stable-image/{family}/{name}")
        headers = {**request.headers, "content-type": content_type}
        return replace(request, headers=headers, body=body)

    def started(self, data: Any) -> Started:
        # A filtered picture comes with a 200, blurred.
        reason = needed(text(data, "finish_reason"))
        if reason == "CONTENT_FILTERED":
            return Refused(reason=reason)
        return Images(bodies=(picture(text(data, "image")),))

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        if error.word in _MODERATION:
            return Refused(reason=error.word)
        if error.status == _TOO_MANY_REQUESTS:
            reason = error.word or "rate_limit_exceeded"
            return Failed(kind=FailureKind.RATE_LIMITED, reason=reason, retry_after=_SHUT_OUT)
        return None

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/v1/user/balance")


def _words(wanted: ProviderRequest, *worded: Literal["strength"]) -> dict[str, Any]:
    request = wanted.request
    if _WITHOUT_NEGATIVE in wanted.model:
        return {"prompt": prompt_with(request, "negative_prompt", *worded)}
    words = {"prompt": prompt_with(request, *worded)}
    if request.negative_prompt:
        words["negative_prompt"] = request.negative_prompt
    return words


def _always(wanted: ProviderRequest) -> dict[str, Any]:
    return {"seed": wanted.seed % _SEEDS or 1, "output_format": _PNG}


def _of_sd3(wanted: ProviderRequest) -> dict[str, Any]:
    has_picture = bool(wanted.pictures.references)
    fields: dict[str, Any] = {
        "model": wanted.model,
        "mode": "image-to-image" if has_picture else "text-to-image",
    }
    guidance = wanted.request.guidance
    if guidance is not None:
        fields["cfg_scale"] = min(max(guidance, _LEAST_GUIDANCE), _MOST_GUIDANCE)
    return fields


def _shape(wanted: ProviderRequest, kind: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    has_picture = bool(wanted.pictures.references) and kind in _WITH_PICTURE
    if not (has_picture and kind == _SD3):  # which keeps the shape of its picture
        ratio = nearest_ratio(wanted.request.width, wanted.request.height, _RATIOS)
        fields["aspect_ratio"] = ratio
    if has_picture:
        # Theirs is how much changes.
        close = wanted.request.strength
        fields["strength"] = _USUAL_STRENGTH if close is None else round(1 - close, 4)
    return fields


def _parts(fields: Mapping[str, Any]) -> list[Part]:
    return [field(name, value) for name, value in fields.items()]
