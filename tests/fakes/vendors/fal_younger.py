"""What fal's endpoints take that are younger than the description, from their own pages:
https://fal.ai/models/<id>/llms.txt
"""

from __future__ import annotations

from collections.abc import Mapping

_PRESETS = ("square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3")
_SIZE = "ImageSize | " + " | ".join(f'"{name}"' for name in (*_PRESETS, "landscape_16_9"))
_PNG = '"jpeg" | "png" | "webp"'
_RATIOS = (
    '"auto" | "21:9" | "16:9" | "3:2" | "4:3" | "5:4" | "1:1" | "4:5" | "3:4" | "2:3" | "9:16" | '
    '"4:1" | "1:4" | "8:1" | "1:8"'
)
_KLEIN_4B = {
    "prompt": "string",
    "seed?": "number",
    "num_inference_steps?": "number",
    "image_size?": _SIZE,
    "num_images?": "number",
    "enable_safety_checker?": "boolean",
    "output_format?": _PNG,
}
_GPT_2 = {
    "prompt": "string",
    "image_size?": f'{_SIZE} | "auto"',
    "quality?": '"auto" | "low" | "medium" | "high"',
    "num_images?": "number",
    "output_format?": _PNG,
}
_NANO_2_1 = {
    "prompt": "string",
    "num_images?": "number",
    "resolution?": '"1K" | "2K" | "4K"',
    "aspect_ratio?": _RATIOS,
    "output_format?": _PNG,
    "thinking_level?": '"minimal" | "medium" | "high"',
    "seed?": "number",
    "limit_generations?": "boolean",
}
_GPT_2_5 = {**_GPT_2, "quality?": '"auto" | "low" | "medium" | "high" | "xhigh" | "max"'}
_GPT_2_5_EDIT = {**_GPT_2_5, "image_urls": "Array<string>", "mask_url?": "string"}
_FLUX_3 = {
    "prompt": "string",
    "aspect_ratio?": (
        '"auto" | "21:9" | "2:1" | "16:9" | "3:2" | "7:5" | "4:3" | "5:4" | "1:1" | "4:5" | '
        '"3:4" | "5:7" | "2:3" | "9:16" | "1:2" | "9:21"'
    ),
    "resolution?": '"768sq" | "1k" | "1.5k" | "2k" | "4k"',
}
_GROK_2 = {
    "prompt": "string",
    "num_images?": "number",
    "aspect_ratio?": (
        '"2:1" | "20:9" | "19.5:9" | "16:9" | "4:3" | "3:2" | "1:1" | "2:3" | "3:4" | "9:16" | '
        '"9:19.5" | "9:20" | "1:2"'
    ),
    "resolution?": '"1k" | "2k"',
    "quality?": '"low" | "medium"',
    "output_format?": _PNG,
}
_SEEDREAM_5_PRO = {"prompt": "string", "image_size?": f'{_SIZE} | "auto_1K" | "auto_2K"'}
YOUNGER: Mapping[str, Mapping[str, str]] = {
    "fal-ai/flux-2/klein/4b": _KLEIN_4B,
    "openai/gpt-image-2": _GPT_2,
    "openai/gpt-image-2/edit": {**_GPT_2, "image_urls": "Array<string>", "mask_url?": "string"},
    "openai/gpt-image-2.5/flare/text-to-image": _GPT_2_5,
    "openai/gpt-image-2.5/flare/edit": _GPT_2_5_EDIT,
    "openai/gpt-image-2.5/sunburst/text-to-image": _GPT_2_5,
    "openai/gpt-image-2.5/sunburst/edit": _GPT_2_5_EDIT,
    "blackforestlabs/flux-3/text-to-image": _FLUX_3,
    "xai/grok-imagine-image/v2.0/text-to-image": _GROK_2,
    "xai/grok-imagine-image/v2.0/edit": {**_GROK_2, "image_urls": "Array<string>"},
    "bytedance/seedream/v5/pro/us/text-to-image": _SEEDREAM_5_PRO,
    "google/nano-banana-2.1": _NANO_2_1,
    "google/nano-banana-2.1/edit": {**_NANO_2_1, "image_urls": "Array<string>"},
}
