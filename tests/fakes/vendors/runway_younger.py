"""The models of Runway that are younger than its description, from the types of its SDK 5.24.0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.upstream import require

_FIELDS = {"model", "promptText", "ratio", "outputCount", "referenceImages"}


@dataclass(frozen=True, kw_only=True)
class Younger:
    sizes: str
    references: int
    qualities: str = ""
    sizes_with_pictures: str = ""

    def check(self, body: Mapping[str, Any]) -> None:
        known = _FIELDS | ({"quality"} if self.qualities else set())
        require(set(body) <= known, f"fields {set(body) - known}")
        require(body["promptText"], "no prompt")
        pictures = body.get("referenceImages", [])
        require("referenceImages" not in body or pictures, "an empty list")
        require(len(pictures) <= self.references, f"{len(pictures)} pictures")
        require(all(set(each) == {"uri"} for each in pictures), "fields of a picture")
        sizes = (self.sizes_with_pictures if pictures else "") or self.sizes
        require(body["ratio"] in sizes.split(), f"ratio {body['ratio']}")
        require(body["outputCount"] == 1, "one image")
        if "quality" in body:
            require(body["quality"] in self.qualities.split(), f"quality {body['quality']}")


_GPT_2_5 = Younger(
    sizes=(
        "2048:880 1920:1088 1920:1280 1920:1440 1920:1536 1920:1920 1536:1920 1440:1920 "
        "1280:1920 1088:1920 2912:1248 2560:1440 2560:1712 2560:1920 2560:2048 2560:2560 "
        "2048:2560 1920:2560 1712:2560 1440:2560 3840:1648 3840:2160 3504:2336 3264:2448 "
        "3200:2560 2880:2880 2560:3200 2448:3264 2336:3504 2160:3840"
    ),
    references=16,
    qualities="low medium high xhigh max",
)
YOUNGER: Mapping[str, Younger] = {
    "gpt_image_2_5_flare": _GPT_2_5,
    "gpt_image_2_5_sunburst": _GPT_2_5,
    "nano_banana_2.1": Younger(
        sizes=(
            "1024:1024 848:1264 1264:848 896:1200 1200:896 928:1152 1152:928 768:1376 "
            "1376:768 1584:672 512:2064 2064:512 352:2928 2928:352 2048:2048 1696:2528 "
            "2528:1696 1792:2400 2400:1792 1856:2304 2304:1856 1536:2752 2752:1536 3168:1344 "
            "1024:4128 4128:1024 704:5856 5856:704 4096:4096 3392:5056 5056:3392 3584:4800 "
            "4800:3584 3712:4608 4608:3712 3072:5504 5504:3072 6336:2688 2048:8256 8256:2048 "
            "1408:11712 11712:1408"
        ),
        references=14,
        qualities="",
    ),
    "gemini_image3.1_flash_lite": Younger(
        sizes=(
            "1024:1024 848:1264 1264:848 896:1200 1200:896 928:1152 1152:928 768:1376 "
            "1376:768 1584:672"
        ),
        references=14,
        qualities="",
    ),
    "grok_imagine_image_2": Younger(
        sizes=(
            "1024:1024 1280:720 720:1280 1152:864 864:1152 1248:832 832:1248 1248:576 "
            "576:1248 1280:576 576:1280 1408:704 704:1408 2048:2048 2816:1584 1584:2816 "
            "2368:1776 1776:2368 2496:1664 1664:2496 2912:1344 1344:2912 3200:1440 1440:3200 "
            "2912:1456 1456:2912"
        ),
        references=3,
        qualities="low medium",
    ),
    "ideogram_4_5": Younger(
        sizes=(
            "1024:1024 1152:864 864:1152 1248:832 832:1248 1120:896 896:1120 2048:2048 "
            "2560:1440 1440:2560 2304:1728 1728:2304 2496:1664 1664:2496 2240:1792 1792:2240 "
            "2880:1440 1440:2880 1280:720 720:1280 1440:720 720:1440"
        ),
        sizes_with_pictures=(
            "1024:1024 1152:864 864:1152 1248:832 832:1248 1120:896 896:1120 2048:2048 "
            "2560:1440 1440:2560 2304:1728 1728:2304 2496:1664 1664:2496 2240:1792 1792:2240 "
            "2880:1440 1440:2880 1024:576 576:1024 1408:704 704:1408"
        ),
        references=5,
        qualities="very_low low medium high",
    ),
}
