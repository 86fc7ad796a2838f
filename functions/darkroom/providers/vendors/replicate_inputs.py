"""The inputs of each model on Replicate, as data: https://replicate.com/{owner}/{name}/api/schema"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

_TEN = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "4:5", "5:4", "21:9")
_SEVEN = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3")
_K = (("1K", 1024), ("2K", 2048), ("4K", 4096))
_MEGAPIXELS = (("1", 1024), ("2", 1440), ("4", 2048))


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """The inputs that a model has; empty names for those that it has not."""

    prompt: str = "prompt"
    ratios: tuple[str, ...] = ()
    steps_of_size: tuple[tuple[str, int], ...] = ()
    size: str = "resolution"  # the name of the input that these steps are for
    exact: Mapping[str, int] = field(default_factory=dict)  # bounds of a size of one's own
    exact_by: Mapping[str, str] = field(default_factory=dict)  # how such a size is announced
    references: str = ""
    most_references: int = 14
    one_reference: bool = False  # as a text rather than a list
    has_mask: bool = False
    has_seed: bool = False
    has_negative: bool = False
    has_quality: bool = False
    steps: tuple[str, int] = ("", 0)  # its name and the most
    guidance: tuple[float, float] | None = None
    always: Mapping[str, Any] = field(default_factory=dict)


_PNG = {"output_format": "png"}
# Sides are multiples of 32 in one version of these models and of 16 in the other.
_FLUX_2 = Takes(
    exact={"multiple": 32, "least_side": 256, "most_side": 2048},
    exact_by={"aspect_ratio": "custom"},
    references="input_images",
    most_references=8,
    has_seed=True,
    always=_PNG,
)
_KLEIN = Takes(
    ratios=_TEN,
    steps_of_size=_MEGAPIXELS,
    size="output_megapixels",
    references="images",
    most_references=4,
    has_seed=True,
    always={"go_fast": False, **_PNG},
)
_BANANA = Takes(ratios=_TEN, references="image_input", always=_PNG)
_GPT = Takes(
    ratios=("1:1", "3:2", "2:3"),
    references="input_images",
    most_references=16,
    has_quality=True,
    always={"number_of_images": 1, **_PNG},
)
_IDEOGRAM_2 = Takes(
    ratios=(*_SEVEN, "16:10", "10:16", "3:1", "1:3"),
    has_mask=True,
    has_seed=True,
    has_negative=True,
    always={"magic_prompt_option": "Off"},
)
_IDEOGRAM_3 = Takes(
    ratios=(*_SEVEN, "4:5", "5:4", "16:10", "10:16", "2:1", "1:2", "3:1", "1:3"),
    references="style_reference_images",
    has_mask=True,
    has_seed=True,
    always={"magic_prompt_option": "Off"},
)
_ONE_OF_A_GROUP = {"sequential_image_generation": "disabled", "max_images": 1}
_SEEDREAM = Takes(references="image_input", always=_ONE_OF_A_GROUP)
_GEN_4 = Takes(
    ratios=("16:9", "9:16", "4:3", "3:4", "1:1", "21:9"),
    steps_of_size=(("720p", 960), ("1080p", 1440)),
    references="reference_images",
    most_references=3,
    has_seed=True,
)
_RIVERFLOW = Takes(
    prompt="instruction",
    ratios=_TEN,
    references="init_images",
    always={"enhance_prompt": False},
)

MODELS: Mapping[str, Takes] = {
    "black-forest-labs/flux-schnell": Takes(
        ratios=(*_TEN, "9:21"),
        has_seed=True,
        steps=("num_inference_steps", 4),
        # Fast is documented as not repeatable, whatever the seed.
        always={"num_outputs": 1, "megapixels": "1", "go_fast": False, **_PNG},
    ),
    "black-forest-labs/flux-2-max": _FLUX_2,
    "black-forest-labs/flux-2-pro": _FLUX_2,
    "black-forest-labs/flux-2-flex": replace(
        _FLUX_2,
        most_references=10,
        steps=("steps", 50),
        guidance=(1.5, 10.0),
        always={"prompt_upsampling": False, **_PNG},
    ),
    "black-forest-labs/flux-3-image": Takes(
        ratios=(*_TEN, "2:1", "1:2", "9:21"),
        steps_of_size=(("1k", 1024), ("2k", 2048)),  # there is a dear 4k
        references="images",
        most_references=10,
        always={"grounding": False, **_PNG},
    ),
    "black-forest-labs/flux-2-klein-9b": _KLEIN,
    "black-forest-labs/flux-2-klein-4b": _KLEIN,
    "google/nano-banana": _BANANA,
    "google/nano-banana-2": replace(_BANANA, steps_of_size=_K),
    "google/nano-banana-pro": replace(_BANANA, steps_of_size=_K),
    "openai/gpt-image-1.5": _GPT,
    "openai/gpt-image-2": replace(_GPT, ratios=_SEVEN),
    "ideogram-ai/ideogram-v2": _IDEOGRAM_2,
    "ideogram-ai/ideogram-v2-turbo": _IDEOGRAM_2,
    "ideogram-ai/ideogram-v3-turbo": _IDEOGRAM_3,
    "ideogram-ai/ideogram-v3-balanced": _IDEOGRAM_3,
    "ideogram-ai/ideogram-v3-quality": _IDEOGRAM_3,
    "bytedance/seedream-4": replace(
        _SEEDREAM,
        exact={"least_side": 1024, "most_side": 4096},
        exact_by={"size": "custom"},
        most_references=10,
        always={"enhance_prompt": False, **_ONE_OF_A_GROUP},
    ),
    "bytedance/seedream-4.5": replace(
        _SEEDREAM,
        ratios=(*_SEVEN, "21:9"),
        steps_of_size=_K[1:],
        size="size",
    ),
    "runwayml/gen4-image": _GEN_4,
    "runwayml/gen4-image-turbo": _GEN_4,
    "xai/grok-imagine-image": Takes(
        ratios=_SEVEN, references="image", one_reference=True, always={"n": 1}
    ),
    "sourceful/riverflow-2.0-pro": replace(_RIVERFLOW, steps_of_size=_K, most_references=10),
    "sourceful/riverflow-2.0-fast": replace(_RIVERFLOW, steps_of_size=_K[:2], most_references=4),
}
