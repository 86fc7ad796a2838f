"""Runway: tasks, asked after until they end. Pays in credits, and says how many.

https://docs.dev.runwayml.com/api/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import data_uri
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    Handle,
    HttpRequest,
    Images,
    Pending,
    Polled,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import (
    Unreadable,
    address,
    code_of,
    entries,
    needed,
    number,
    text,
)
from darkroom.providers.sizing import Size, nearest_size
from darkroom.providers.wording import prompt_with

_VERSION = "2024-11-06"
_USD_A_CREDIT = 0.01
# Looks are not to come more often than this.
_PACE = 5
_BAD_REQUEST = 400
_CREDITS = re.compile(r"\bcredits?\b", re.IGNORECASE)


def _sizes(listed: str) -> tuple[Size, ...]:
    pairs = (ratio.split(":") for ratio in listed.split())
    return tuple((int(across), int(down)) for across, down in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Takes:
    sizes: tuple[Size, ...]
    references: int
    # Where they are others beside pictures.
    sizes_with_pictures: tuple[Size, ...] = ()
    has_seed: bool = False
    has_quality: bool = False
    has_count: bool = False


_GEN_4 = _Takes(
    sizes=_sizes(
        "1024:1024 1080:1080 1168:880 1360:768 1440:1080 1080:1440 1808:768 1920:1080 1080:1920 "
        "2112:912 1280:720 720:1280 720:720 960:720 720:960 1680:720"
    ),
    references=3,
    has_seed=True,
)
_GEMINI_LARGE = (
    "2048:2048 1696:2528 2528:1696 1792:2400 2400:1792 1856:2304 2304:1856 1536:2752 2752:1536 "
    "3168:1344 4096:4096 3392:5056 5056:3392 3584:4800 4800:3584 3712:4608 4608:3712 3072:5504 "
    "5504:3072 6336:2688"
)
_GEMINI_1K = (
    "1024:1024 848:1264 1264:848 896:1200 1200:896 928:1152 1152:928 768:1376 1376:768 1584:672"
)
_GPT = _Takes(
    sizes=_sizes(
        "2048:880 1920:1088 1920:1280 1920:1440 1920:1536 1920:1920 1536:1920 1440:1920 "
        "1280:1920 1088:1920 2912:1248 2560:1440 2560:1712 2560:1920 2560:2048 2560:2560 "
        "2048:2560 1920:2560 1712:2560 1440:2560 3840:1648 3840:2160 3504:2336 3264:2448 "
        "3200:2560 2880:2880 2560:3200 2448:3264 2336:3504 2160:3840"
    ),
    references=16,
    has_quality=True,
    has_count=True,
)
_IDEOGRAM = (
    "1024:1024 1152:864 864:1152 1248:832 832:1248 1120:896 896:1120 2048:2048 2560:1440 "
    "1440:2560 2304:1728 1728:2304 2496:1664 1664:2496 2240:1792 1792:2240 2880:1440 "
    "1440:2880"
)
_MODELS: Mapping[str, _Takes] = {
    "gen4_image": _GEN_4,
    "gen4_image_turbo": _GEN_4,
    "gpt_image_2": _GPT,
    "gpt_image_2_5_flare": _GPT,
    "gpt_image_2_5_sunburst": _GPT,
    "gemini_image3_pro": _Takes(
        sizes=_sizes(
            "1344:768 768:1344 1024:1024 1184:864 864:1184 1536:672 832:1248 1248:832 896:1152 "
            f"1152:896 {_GEMINI_LARGE}"
        ),
        references=14,
        has_count=True,
    ),
    "gemini_image3.1_flash": _Takes(
        sizes=_sizes(
            "512:512 416:624 624:416 432:592 592:432 448:576 576:448 384:672 672:384 768:336 "
            "1024:1024 832:1248 1248:832 864:1184 1184:864 896:1152 1152:896 768:1344 1344:768 "
            f"1536:672 {_GEMINI_LARGE}"
        ),
        references=14,
        has_count=True,
    ),
    "gemini_image3.1_flash_lite": _Takes(sizes=_sizes(_GEMINI_1K), references=14, has_count=True),
    "nano_banana_2.1": _Takes(
        sizes=_sizes(
            "512:2064 2064:512 352:2928 2928:352 1024:4128 4128:1024 704:5856 5856:704 "
            "2048:8256 8256:2048 1408:11712 11712:1408 "
            f"{_GEMINI_1K} {_GEMINI_LARGE}"
        ),
        references=14,
        has_count=True,
    ),
    "seedream5_pro": _Takes(
        sizes=_sizes(
            "1024:1024 1184:896 896:1184 1376:768 768:1376 1296:864 864:1296 2048:2048 "
            "2304:1728 1728:2304 2720:1530 1530:2720 2496:1664 1664:2496"
        ),
        references=10,
        has_count=True,
    ),
    "seedream5_lite": _Takes(
        sizes=_sizes(
            "2048:2048 2304:1728 1728:2304 2848:1600 1600:2848 2496:1664 1664:2496 3136:1344 "
            "3072:3072 3456:2592 2592:3456 4096:2304 2304:4096 3744:2496 2496:3744 4704:2016"
        ),
        references=14,
        has_count=True,
    ),
    "grok_imagine_image_2": _Takes(
        sizes=_sizes(
            "1024:1024 1280:720 720:1280 1152:864 864:1152 1248:832 832:1248 1248:576 "
            "576:1248 1280:576 576:1280 1408:704 704:1408 2048:2048 2816:1584 1584:2816 "
            "2368:1776 1776:2368 2496:1664 1664:2496 2912:1344 1344:2912 3200:1440 1440:3200 "
            "2912:1456 1456:2912"
        ),
        references=3,
        has_quality=True,
        has_count=True,
    ),
    "ideogram_4_5": _Takes(
        sizes=_sizes(f"{_IDEOGRAM} 1280:720 720:1280 1440:720 720:1440"),
        sizes_with_pictures=_sizes(f"{_IDEOGRAM} 1024:576 576:1024 1408:704 704:1408"),
        references=5,
        has_quality=True,
        has_count=True,
    ),
}


class Runway(JsonAdapter):
    base_url = "https://api.dev.runwayml.com"

    def headers(self) -> Mapping[str, str]:
        return {**super().headers(), "x-runway-version": _VERSION}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request, takes = wanted.request, _MODELS.get(wanted.model, _GEN_4)
        references = wanted.pictures.references[: takes.references]
        sizes = (takes.sizes_with_pictures if references else ()) or takes.sizes
        size = nearest_size(request.width, request.height, sizes)
        fields: dict[str, Any] = {
            "model": wanted.model,
            "promptText": prompt_with(request, "negative_prompt", "strength"),
            "ratio": "{}:{}".format(*size),
        }
        if takes.has_seed:
            fields["seed"] = wanted.seed
        if takes.has_quality and request.quality is not None:
            fields["quality"] = request.quality
        if takes.has_count:
            fields["outputCount"] = 1
        if references:
            fields["referenceImages"] = [{"uri": data_uri(picture)} for picture in references]
        return self.ask("POST", "/v1/text_to_image", fields)

    def started(self, data: Any) -> Started:
        name = needed(text(data, "id"))
        place = f"{self.base}/v1/tasks/{quote(name, safe='')}"
        return Handle(
            id=name, poll=place, cancel=place, pace=_PACE, usd=_usd(data, "estimatedCost")
        )

    def polled(self, data: Any) -> Polled:
        match needed(text(data, "status")):
            case "PENDING" | "THROTTLED" | "RUNNING":
                return Pending()
            case "SUCCEEDED":
                return _images(data)
            case "FAILED":
                return _failed(code_of(text(data, "failureCode")))
            case "CANCELLED":
                return Failed(kind=FailureKind.UNKNOWN, reason="canceled")
            case _:
                raise Unreadable("a status of its own")

    def cancel(self, handle: Handle) -> HttpRequest | None:
        return HttpRequest(method="DELETE", url=handle.cancel, headers=self.headers())

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/v1/organization")

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        if error.status != _BAD_REQUEST:
            return None
        # All of these are 400, and only some have more than a sentence to tell them apart.
        if any(entries(issue, "path") == ["model"] for issue in entries(error.data, "issues")):
            return Failed(kind=FailureKind.MODEL_GONE, reason="unknown_model")
        if not entries(error.data, "issues") and _CREDITS.search(text(error.data, "error")):
            return Failed(kind=FailureKind.NO_FUNDS, reason="no_credits")
        return None


def _usd(data: Any, field: str) -> float | None:
    credits_ = number(data, field, "credits")
    return None if credits_ is None else round(credits_ * _USD_A_CREDIT, 6)


def _images(data: Any) -> Images | Failed:
    urls = entries(data, "output")
    if not urls:
        return Failed(kind=FailureKind.UNKNOWN, reason="no_images")
    return Images(urls=tuple(address(url) for url in urls), usd=_usd(data, "cost"))


def _failed(code: str) -> Refused | Failed:
    """https://docs.dev.runwayml.com/errors/task-failures/"""
    if "SAFETY" in code.split("."):
        return Refused(reason=code)
    if code.startswith("ASSET.INVALID"):
        return Failed(kind=FailureKind.INVALID, reason=code)
    return Failed(kind=FailureKind.UNKNOWN, reason=code or "failed")
