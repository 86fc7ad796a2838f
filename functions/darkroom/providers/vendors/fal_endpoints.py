"""What fal's endpoints take, and which endpoint of a model does what.

The types are those of @fal-ai/client 1.10.1, the ranges those of the endpoint's own page:
https://fal.ai/models/<endpoint>/llms.txt
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from darkroom.providers.files import clear_mask, white_mask
from darkroom.providers.sizing import Size, fitted, nearest_ratio, nearest_size, step_for

Sizing = Callable[[int, int], dict[str, Any]]


def _as_the_picture(_width: int, _height: int) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What an endpoint takes. An empty name or None: it has no such field."""

    size: Sizing = _as_the_picture
    prompt: bool = True
    seed: bool = True
    negative_prompt: bool = False
    quality: bool = False
    steps: tuple[int, int] | None = None
    guidance: tuple[float, float] | None = None
    # Whether more of it is closer to the picture, or further away.
    strength: Literal["closer", "further"] | None = None
    pictures: Literal["", "image_url", "image_urls"] = ""
    more_pictures: Literal["", "image_urls"] = ""  # for those after the first
    mask: Literal["", "mask_url", "mask_image_url"] = ""
    # OpenAI's own masks are clear where the picture is to change, all others are white.
    mask_of: Callable[[bytes, bytes], bytes] = white_mask
    always: Mapping[str, Any] = field(default_factory=dict)


# How each says how large.


def _pixels(fit: Callable[[int, int], Size]) -> Sizing:
    def sizing(width: int, height: int) -> dict[str, Any]:
        across, down = fit(width, height)
        return {"image_size": {"width": across, "height": down}}

    return sizing


def _shape(ratios: str = "", **steps: tuple[tuple[str, int], ...]) -> Sizing:
    """One of these ratios, and by the name of the field one of these steps."""

    def sizing(width: int, height: int) -> dict[str, Any]:
        fields = {name: step_for(width, height, named) for name, named in steps.items()}
        if ratios:
            fields["aspect_ratio"] = nearest_ratio(width, height, ratios.split())
        return fields

    return sizing


def _one_of_three(width: int, height: int) -> dict[str, Any]:
    sizes = ((1024, 1024), (1536, 1024), (1024, 1536))
    return {"image_size": "{}x{}".format(*nearest_size(width, height, sizes))}


_FLUX_1_SIZE = _pixels(
    partial(fitted, multiple=16, least_side=256, most_side=2048, most_pixels=2048 * 1024)
)
_FLUX_2_SIZE = _pixels(
    partial(fitted, multiple=16, least_side=512, most_side=2048, most_pixels=2048 * 2048)
)
_IDEOGRAM_3_SIZE = _pixels(
    partial(
        fitted,
        multiple=64,
        least_side=512,
        most_side=1536,
        least_pixels=768 * 1024,
        most_pixels=1024 * 1024,
        widest=3,
    )
)
_SEEDREAM_4_SIZE = _pixels(
    partial(fitted, least_side=960, most_side=4096, most_pixels=4096 * 4096, widest=4)
)
_SEEDREAM_4_5_SIZE = _pixels(
    partial(
        fitted,
        most_side=4096,
        least_pixels=2560 * 1440,
        most_pixels=4096 * 4096,
        widest=4,
    )
)
_WAN_SIZE = _pixels(
    partial(fitted, multiple=16, least_pixels=768 * 768, most_pixels=1280 * 1280, widest=4)
)
_GPT_2_SIZE = _pixels(
    partial(
        fitted,
        multiple=16,
        most_side=3840,
        least_pixels=655_360,
        most_pixels=3840 * 2160,
        widest=3,
    )
)
_SEEDREAM_5_LITE_SIZE = _pixels(
    partial(fitted, least_pixels=2560 * 1440, most_pixels=3072 * 3072, widest=4)
)
_SEEDREAM_5_PRO_SIZE = _pixels(
    partial(fitted, multiple=8, least_pixels=1024 * 1024, most_pixels=2048 * 2048, widest=4)
)
_IDEOGRAM_2_SHAPE = _shape("10:16 16:10 9:16 16:9 4:3 3:4 1:1 1:3 3:1 3:2 2:3")
_TEN_RATIOS = "21:9 16:9 3:2 4:3 5:4 1:1 4:5 3:4 2:3 9:16"
_THREE_STEPS = (("1K", 1024), ("2K", 2048), ("4K", 4096))
_NANO_SHAPE = _shape(_TEN_RATIOS)
_NANO_PRO_SHAPE = _shape(_TEN_RATIOS, resolution=_THREE_STEPS)
_NANO_2_SHAPE = _shape(f"{_TEN_RATIOS} 4:1 1:4 8:1 1:8", resolution=_THREE_STEPS)
_KLING_RATIOS = "16:9 9:16 1:1 4:3 3:4 3:2 2:3 21:9"
_KLING_SHAPE = _shape(_KLING_RATIOS, resolution=_THREE_STEPS[:2])
_KLING_O3_SHAPE = _shape(_KLING_RATIOS, resolution=_THREE_STEPS)
_TWO_STEPS = (("1k", 1024), ("2k", 2048))
# There are others, and the step of 4k costs thirteen times as much as that of 1k.
_FLUX_3_SHAPE = _shape(f"{_TEN_RATIOS} 2:1 1:2 7:5 5:7 9:21", resolution=_TWO_STEPS)
_GROK_2_SHAPE = _shape(
    "2:1 20:9 19.5:9 16:9 4:3 3:2 1:1 2:3 3:4 9:16 9:19.5 9:20 1:2", resolution=_TWO_STEPS
)
_GROK_SHAPE = _shape("1:1 16:9 4:3 3:4 9:16", resolution=(("1K", 1024), ("4K", 4096)))
_GROK_EDIT_SHAPE = _shape(resolution=_TWO_STEPS)
_CUT_OUT_STEP = _shape(operating_resolution=(("1024x1024", 1024), ("2048x2048", 2048)))

# What each takes.

_PNG = {"output_format": "png"}
_ONE_PNG = {**_PNG, "num_images": 1}
_FLUX_1 = Endpoint(size=_FLUX_1_SIZE, guidance=(1, 20), steps=(1, 50), always=_ONE_PNG)
_FLUX_1_EDIT = Endpoint(
    pictures="image_url", strength="further", guidance=(1, 20), steps=(10, 50), always=_ONE_PNG
)
_FILL = Endpoint(pictures="image_url", mask="mask_url", always=_ONE_PNG)
_FLUX_2 = Endpoint(size=_FLUX_2_SIZE, always=_PNG)
_FLUX_2_FLEX = replace(_FLUX_2, guidance=(1.5, 10), steps=(10, 50))
_KLEIN = Endpoint(size=_FLUX_2_SIZE, steps=(4, 8), always=_ONE_PNG)
_KLEIN_BASE = replace(_KLEIN, steps=(4, 50), guidance=(0, 20), negative_prompt=True)
_IDEOGRAM_2 = Endpoint(
    size=_IDEOGRAM_2_SHAPE, negative_prompt=True, always={"expand_prompt": False}
)
_IDEOGRAM_3 = Endpoint(
    size=_IDEOGRAM_3_SIZE,
    negative_prompt=True,
    always={"expand_prompt": False, "num_images": 1},
)
_NANO = Endpoint(size=_NANO_SHAPE, always={**_ONE_PNG, "limit_generations": True})
_NANO_PRO = replace(_NANO, size=_NANO_PRO_SHAPE)
_NANO_2 = replace(_NANO, size=_NANO_2_SHAPE)
_SEEDREAM_4 = Endpoint(size=_SEEDREAM_4_SIZE, always={"num_images": 1, "max_images": 1})
_SEEDREAM_4_5 = replace(_SEEDREAM_4, size=_SEEDREAM_4_5_SIZE)
_SEEDREAM_5_LITE = replace(_SEEDREAM_4, size=_SEEDREAM_5_LITE_SIZE, seed=False)
_KLING = Endpoint(size=_KLING_SHAPE, seed=False, always=_ONE_PNG)
_WAN = Endpoint(size=_WAN_SIZE, negative_prompt=True)
_KLING_O3 = replace(_KLING, size=_KLING_O3_SHAPE)
_GROK = Endpoint(seed=False, always=_ONE_PNG)
_GROK_2 = replace(_GROK, size=_GROK_2_SHAPE, quality=True)
_GPT_1 = Endpoint(size=_one_of_three, seed=False, quality=True, always=_ONE_PNG)
_GPT_2 = replace(_GPT_1, size=_GPT_2_SIZE)
_GPT_EDIT = replace(_GPT_2, pictures="image_urls", mask="mask_url", mask_of=clear_mask)
_CUT_OUT = Endpoint(size=_CUT_OUT_STEP, prompt=False, seed=False, pictures="image_url", always=_PNG)


def _edit(endpoint: Endpoint) -> Endpoint:
    return replace(endpoint, pictures="image_urls")


ENDPOINTS: Mapping[str, Endpoint] = {
    # Its own page has other steps than the types, which know only those of `dev`.
    "fal-ai/flux/schnell": replace(
        _FLUX_1, steps=(1, 12), always={**_ONE_PNG, "num_inference_steps": 4}
    ),
    "fal-ai/flux/dev": _FLUX_1,
    "fal-ai/flux/dev/image-to-image": _FLUX_1_EDIT,
    "fal-ai/flux-pro/v1/fill": replace(_FILL, always={**_ONE_PNG, "enhance_prompt": False}),
    "fal-ai/flux-lora-fill": replace(_FILL, steps=(1, 50), guidance=(28, 35)),
    "fal-ai/flux-general/inpainting": replace(
        _FILL, steps=(1, 50), guidance=(0, 20), strength="further", negative_prompt=True
    ),
    "fal-ai/flux-2-pro": _FLUX_2,
    "fal-ai/flux-2-pro/edit": _edit(_FLUX_2),
    "fal-ai/flux-2-max": _FLUX_2,
    "fal-ai/flux-2-max/edit": _edit(_FLUX_2),
    "fal-ai/flux-2-flex": _FLUX_2_FLEX,
    "fal-ai/flux-2-flex/edit": _edit(_FLUX_2_FLEX),
    "fal-ai/flux-2/klein/9b": _KLEIN,
    "fal-ai/flux-2/klein/9b/edit": _edit(_KLEIN),
    "fal-ai/flux-2/klein/4b": _KLEIN,
    "fal-ai/flux-2/klein/4b/edit": _edit(_KLEIN),
    "fal-ai/flux-2/klein/4b/base": _KLEIN_BASE,
    "fal-ai/flux-2/klein/4b/base/edit": _edit(_KLEIN_BASE),
    "fal-ai/ideogram/v2": _IDEOGRAM_2,
    "fal-ai/ideogram/v2/remix": replace(
        _IDEOGRAM_2, negative_prompt=False, strength="closer", pictures="image_url"
    ),
    "fal-ai/ideogram/v2/edit": replace(
        _IDEOGRAM_2,
        size=_as_the_picture,
        negative_prompt=False,
        pictures="image_url",
        mask="mask_url",
    ),
    "fal-ai/ideogram/v3": _IDEOGRAM_3,
    "fal-ai/ideogram/v3/remix": replace(
        _IDEOGRAM_3, strength="closer", pictures="image_url", more_pictures="image_urls"
    ),
    "fal-ai/ideogram/v3/edit": replace(
        _IDEOGRAM_3,
        size=_as_the_picture,
        negative_prompt=False,
        pictures="image_url",
        more_pictures="image_urls",
        mask="mask_url",
    ),
    "fal-ai/nano-banana": _NANO,
    "fal-ai/nano-banana/edit": _edit(_NANO),
    "fal-ai/nano-banana-pro": _NANO_PRO,
    "fal-ai/nano-banana-pro/edit": _edit(_NANO_PRO),
    "fal-ai/gemini-3-pro-image-preview": _NANO_PRO,
    "fal-ai/gemini-3-pro-image-preview/edit": _edit(_NANO_PRO),
    "fal-ai/nano-banana-2": _NANO_2,
    "fal-ai/nano-banana-2/edit": _edit(_NANO_2),
    "google/nano-banana-2.1": _NANO_2,
    "google/nano-banana-2.1/edit": _edit(_NANO_2),
    "fal-ai/bytedance/seedream/v4/text-to-image": _SEEDREAM_4,
    "fal-ai/bytedance/seedream/v4/edit": _edit(_SEEDREAM_4),
    "fal-ai/bytedance/seedream/v4.5/text-to-image": _SEEDREAM_4_5,
    "fal-ai/bytedance/seedream/v4.5/edit": _edit(_SEEDREAM_4_5),
    "fal-ai/bytedance/seedream/v5/lite/text-to-image": _SEEDREAM_5_LITE,
    "fal-ai/bytedance/seedream/v5/lite/edit": _edit(_SEEDREAM_5_LITE),
    "bytedance/seedream/v5/pro/us/text-to-image": Endpoint(size=_SEEDREAM_5_PRO_SIZE, seed=False),
    "blackforestlabs/flux-3/text-to-image": Endpoint(size=_FLUX_3_SHAPE, seed=False),
    "fal-ai/kling-image/o3/text-to-image": _KLING_O3,
    "fal-ai/kling-image/o3/image-to-image": _edit(_KLING_O3),
    "fal-ai/kling-image/v3/text-to-image": replace(_KLING, negative_prompt=True),
    "fal-ai/kling-image/v3/image-to-image": replace(_KLING, pictures="image_url"),
    "wan/v2.6/text-to-image": replace(_WAN, always={"max_images": 1}),
    "wan/v2.6/image-to-image": _edit(
        replace(_WAN, always={"num_images": 1, "enable_prompt_expansion": False})
    ),
    "xai/grok-imagine-image": replace(_GROK, size=_GROK_SHAPE),
    "xai/grok-imagine-image/edit": _edit(replace(_GROK, size=_GROK_EDIT_SHAPE)),
    "xai/grok-imagine-image/v2.0/text-to-image": _GROK_2,
    "xai/grok-imagine-image/v2.0/edit": _edit(_GROK_2),
    "openai/gpt-image-2": _GPT_2,
    "openai/gpt-image-2/edit": _GPT_EDIT,
    "openai/gpt-image-2.5/flare/text-to-image": _GPT_2,
    "openai/gpt-image-2.5/flare/edit": _GPT_EDIT,
    "openai/gpt-image-2.5/sunburst/text-to-image": _GPT_2,
    "openai/gpt-image-2.5/sunburst/edit": _GPT_EDIT,
    "fal-ai/gpt-image-1/text-to-image": _GPT_1,
    "fal-ai/gpt-image-1/edit-image": _edit(_GPT_1),
    "fal-ai/gpt-image-1-mini": _GPT_1,
    "fal-ai/gpt-image-1-mini/edit": _edit(_GPT_1),
    "fal-ai/gpt-image-1.5": _GPT_1,
    "fal-ai/gpt-image-1.5/edit": replace(_edit(_GPT_1), mask="mask_image_url", mask_of=clear_mask),
    "fal-ai/birefnet": _CUT_OUT,
    "fal-ai/birefnet/v2": _CUT_OUT,
}

_EDITS = [path for path in ENDPOINTS if path.endswith("/edit")]
_OF_WORDS = "/text-to-image"

WITH_PICTURES: Mapping[str, str] = {
    **{path.removesuffix("/edit"): path for path in _EDITS},
    **{path.removesuffix("/edit") + _OF_WORDS: path for path in _EDITS},
    # `schnell` itself makes variations of a picture, without a prompt.
    "fal-ai/flux/schnell": "fal-ai/flux/dev/image-to-image",
    "fal-ai/flux/dev": "fal-ai/flux/dev/image-to-image",
    # There, "edit" is filling a mask.
    "fal-ai/ideogram/v2": "fal-ai/ideogram/v2/remix",
    "fal-ai/ideogram/v3": "fal-ai/ideogram/v3/remix",
    "fal-ai/kling-image/o3/text-to-image": "fal-ai/kling-image/o3/image-to-image",
    "fal-ai/kling-image/v3/text-to-image": "fal-ai/kling-image/v3/image-to-image",
    "wan/v2.6/text-to-image": "wan/v2.6/image-to-image",
    "fal-ai/gpt-image-1/text-to-image": "fal-ai/gpt-image-1/edit-image",
}
WITH_MASK: Mapping[str, str] = {
    "fal-ai/ideogram/v2": "fal-ai/ideogram/v2/edit",
    "fal-ai/ideogram/v3": "fal-ai/ideogram/v3/edit",
    "openai/gpt-image-2": "openai/gpt-image-2/edit",
    "openai/gpt-image-2.5/flare/text-to-image": "openai/gpt-image-2.5/flare/edit",
    "openai/gpt-image-2.5/sunburst/text-to-image": "openai/gpt-image-2.5/sunburst/edit",
    "fal-ai/gpt-image-1.5": "fal-ai/gpt-image-1.5/edit",
}
