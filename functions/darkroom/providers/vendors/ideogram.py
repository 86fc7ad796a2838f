"""Ideogram: 4.5 by its v2 addresses, 3.0 by those of v1, the older models by the legacy ones.
Answers at once.

For 3.0 the quality of a request is the speed of rendering. A first reference is remixed, further
ones lend their style; with a mask, the first is edited.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from darkroom.domain.image_request import ImageRequest
from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import Part, black_mask, field, file, form
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    HttpRequest,
    Images,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import address, code_of, dig, entries, text
from darkroom.providers.sizing import fitted, nearest_ratio, nearest_size
from darkroom.providers.wording import prompt_with

_SEEDS = 2**31
_UNPROCESSABLE = 422
_SPEEDS = {"low": "TURBO", "medium": "DEFAULT", "high": "QUALITY"}
_UPRIGHT = """
512x1536 576x1408 576x1472 576x1536 640x1344 640x1408 640x1472 640x1536 704x1152 704x1216 704x1280
704x1344 704x1408 704x1472 736x1312 768x1088 768x1216 768x1280 768x1344 800x1280 832x960 832x1024
832x1088 832x1152 832x1216 832x1248 864x1152 896x960 896x1024 896x1088 896x1120 896x1152 960x1024
960x1088
"""
_HIGH = [tuple(map(int, size.split("x"))) for size in _UPRIGHT.split()]
_SIZES = [(1024, 1024), *((a, b) for a, b in _HIGH), *((b, a) for a, b in _HIGH)]
# Of a picture out of words alone; beside pictures it is free, within bounds.
_OF_4 = """
1024x1024 1280x720 720x1280 1152x864 864x1152 1248x832 832x1248 1120x896 896x1120 1440x720 720x1440
2048x2048 2560x1440 1440x2560 2304x1728 1728x2304 2496x1664 1664x2496 2240x1792 1792x2240 2880x1440
1440x2880
"""
_SIZES_4 = [(int(a), int(b)) for a, b in (size.split("x") for size in _OF_4.split())]
_LEGACY_RATIOS = ("1_1", "10_16", "16_10", "9_16", "16_9", "3_2", "2_3", "4_3", "3_4", "1_3", "3_1")
# The legacy models that have a negative prompt.
_WITH_NEGATIVE = {"V_1", "V_1_TURBO", "V_2", "V_2_TURBO"}


class Ideogram(JsonAdapter):
    base_url = "https://api.ideogram.ai"

    def headers(self) -> Mapping[str, str]:
        return {"api-key": self.account["key"]}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        if wanted.model.startswith("V_"):
            return self._legacy(wanted)
        return self._v4(wanted) if wanted.model.startswith("ideogram-4") else self._v3(wanted)

    def _v4(self, wanted: ProviderRequest) -> HttpRequest:
        request, pictures = wanted.request, wanted.pictures
        fields: dict[str, Any] = {
            "prompt": prompt_with(request, "negative_prompt", "strength"),
            "seed": wanted.seed % _SEEDS,
            "magic_prompt": "off",
            "num_images": 1,
            "size": _size_4(wanted),
        }
        if request.quality is not None:
            fields["quality"] = request.quality
        path = f"/v2/image/generate/{quote(wanted.model, safe='')}"
        if not pictures.references:
            return self.ask("POST", path, fields)
        parts = [field(name, value) for name, value in fields.items()]
        parts += [file("images", picture) for picture in pictures.references]
        if pictures.mask is not None:
            parts.append(file("mask", black_mask(pictures.mask, pictures.references[0])))
        return self._send_form(path, parts)

    def _v3(self, wanted: ProviderRequest) -> HttpRequest:
        request = wanted.request
        fields: dict[str, Any] = {
            "prompt": prompt_with(request),
            "seed": wanted.seed % _SEEDS,
            "magic_prompt": "OFF",
            "num_images": 1,
        }
        if request.quality is not None:
            fields["rendering_speed"] = _SPEEDS.get(request.quality, request.quality.upper())
        if wanted.pictures.mask is not None and wanted.pictures.references:
            fields["prompt"] = prompt_with(request, "negative_prompt", "strength")
            return self._form(wanted, "edit", fields)
        fields["resolution"] = "{}x{}".format(*nearest_size(request.width, request.height, _SIZES))
        if request.negative_prompt:
            fields["negative_prompt"] = request.negative_prompt
        if wanted.pictures.references:
            return self._form(wanted, "remix", fields | _weight(request))
        return self.ask("POST", "/v1/ideogram-v3/generate", fields)

    def _form(self, wanted: ProviderRequest, what: str, fields: Mapping[str, Any]) -> HttpRequest:
        first, *others = wanted.pictures.references
        parts = [field(name, value) for name, value in fields.items()]
        parts.append(file("image", first))
        if what == "edit" and wanted.pictures.mask is not None:
            parts.append(file("mask", black_mask(wanted.pictures.mask, first)))
        parts += [file("style_reference_images", other) for other in others]
        return self._send_form(f"/v1/ideogram-v3/{what}", parts)

    def _legacy(self, wanted: ProviderRequest) -> HttpRequest:
        request, pictures = wanted.request, wanted.pictures
        fields: dict[str, Any] = {
            "model": wanted.model,
            "magic_prompt_option": "OFF",
            "num_images": 1,
            "seed": wanted.seed % _SEEDS,
        }
        if pictures.mask is not None and pictures.references:
            fields["prompt"] = prompt_with(request, "negative_prompt", "strength")
            first, *_ = pictures.references
            parts = [field(name, value) for name, value in fields.items()]
            parts += [
                file("image_file", first),
                file("mask", black_mask(pictures.mask, first)),
            ]
            return self._send_form("/edit", parts)
        ratio = nearest_ratio(request.width, request.height, _LEGACY_RATIOS, mark="_")
        fields["aspect_ratio"] = f"ASPECT_{ratio}"
        if wanted.model in _WITH_NEGATIVE:
            fields["prompt"] = prompt_with(request)
            if request.negative_prompt:
                fields["negative_prompt"] = request.negative_prompt
        else:
            fields["prompt"] = prompt_with(request, "negative_prompt")
        if not pictures.references:
            return self.ask("POST", "/generate", {"image_request": fields})
        asked = field("image_request", json.dumps(fields | _weight(request)))
        return self._send_form("/remix", [asked, file("image_file", pictures.references[0])])

    def _send_form(self, path: str, parts: list[Part]) -> HttpRequest:
        content_type, body = form(parts)
        request = self.ask("POST", path)
        headers = {**request.headers, "content-type": content_type}
        return replace(request, headers=headers, body=body)

    def started(self, data: Any) -> Started:
        made = entries(data, "data")
        # What a filter holds back is a success without an address.
        shown = [entry for entry in made if dig(entry, "is_image_safe") is not False]
        if made and not shown:
            return Refused(reason="is_image_safe")
        return Images(urls=tuple(address(text(entry, "url")) for entry in shown))

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        if error.status == _UNPROCESSABLE:
            return Refused(reason="failed_safety_check")
        reason = code_of(text(error.data, "reject_reason"))
        if reason in {"insufficient_funds", "daily_limit"}:
            return Failed(kind=FailureKind.NO_FUNDS, reason=reason)
        if reason == "inflight_limit":
            return Failed(kind=FailureKind.RATE_LIMITED, reason=reason)
        return None


def _size_4(wanted: ProviderRequest) -> str:
    width, height = wanted.request.width, wanted.request.height
    if not wanted.pictures.references:
        return "{}x{}".format(*nearest_size(width, height, _SIZES_4))
    if wanted.pictures.mask is not None:
        return "source"
    most = 2048 * 2048
    size = fitted(width, height, multiple=32, least_side=256, most_pixels=most, widest=5)
    return "{}x{}".format(*size)


def _weight(request: ImageRequest) -> dict[str, int]:
    """How much of the picture stays, in hundredths."""
    if request.strength is None:
        return {}
    return {"image_weight": min(max(round(request.strength * 100), 1), 100)}
