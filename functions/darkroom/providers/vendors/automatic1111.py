"""The Stable Diffusion WebUI on a machine of one's own (started with --api), answered at once.

The account has `base_url`, and a `key` of user:password where the machine was started with
--api-auth. A model is the name of a checkpoint, or "default" for the one that is loaded; of a
checkpoint that it does not have, the machine silently takes the one that is loaded.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import base64_of, white_mask
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

LOADED = "default"
_CROP_AND_RESIZE = 1
_FILL_WITH_ORIGINAL = 1
_SERVER_ERROR = 500


class Automatic1111(JsonAdapter):
    def __init__(self, account: Mapping[str, str]) -> None:
        """Raises LookupError without a base_url: there is no usual one."""
        if not account.get("base_url"):
            raise LookupError("no address")
        super().__init__(account)

    def headers(self) -> Mapping[str, str]:
        key = self.account.get("key")
        return {"authorization": f"Basic {b64encode(key.encode()).decode()}"} if key else {}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        fields = _common(wanted)
        if not wanted.pictures.references:
            return self.ask("POST", "/sdapi/v1/txt2img", fields)
        # Further pictures would be further images, each made from one of them.
        first = wanted.pictures.references[0]
        fields |= {"init_images": [base64_of(first)], "resize_mode": _CROP_AND_RESIZE}
        if wanted.request.strength is not None:
            fields["denoising_strength"] = round(1 - wanted.request.strength, 4)
        if wanted.pictures.mask is not None:
            fields |= {
                "mask": base64_of(white_mask(wanted.pictures.mask, first)),
                "inpainting_fill": _FILL_WITH_ORIGINAL,
                "inpaint_full_res": False,
            }
        return self.ask("POST", "/sdapi/v1/img2img", fields)

    def started(self, data: Any) -> Started:
        # Extensions put pictures of theirs behind the image.
        images = tuple(picture(image) for image in entries(data, "images")[:1])
        return Images(bodies=images, usd=0, model=_checkpoint(text(data, "info")))

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        # The name of what was raised there, such as OutOfMemoryError.
        name = code_of(text(error.data, "error"))
        if error.status == _SERVER_ERROR and name:
            return Failed(kind=FailureKind.TRANSIENT, reason=name)
        return None

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/sdapi/v1/samplers")


def _checkpoint(info: str) -> str:
    """The name of the one that painted; an image without it is an image all the same."""
    try:
        return text(json.loads(info), "sd_model_name")
    except (ValueError, RecursionError):
        return ""


def _common(wanted: ProviderRequest) -> dict[str, Any]:
    request = wanted.request
    width, height = _size(wanted)
    fields: dict[str, Any] = {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "seed": wanted.seed,
        "steps": request.steps,
        "cfg_scale": request.guidance,
        "width": width,
        "height": height,
        "batch_size": 1,
        "n_iter": 1,
        "send_images": True,
        "save_images": False,
    }
    if wanted.model != LOADED:
        fields["override_settings"] = {"sd_model_checkpoint": wanted.model}
        # The next request probably wants the same one; loading takes longer than painting.
        fields["override_settings_restore_afterwards"] = False
    return {name: value for name, value in fields.items() if value is not None}


def _size(wanted: ProviderRequest) -> tuple[int, int]:
    """What its own sliders offer, and not so small that its models paint noise."""
    return fitted(
        wanted.request.width,
        wanted.request.height,
        multiple=8,
        least_side=512,
        most_side=2048,
        widest=4,
    )
