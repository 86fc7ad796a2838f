"""The Stable Diffusion WebUI's API."""

from __future__ import annotations

import io
import json
from base64 import b64decode, b64encode
from typing import Any, ClassVar

from PIL import Image

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_TEXTS = {
    "prompt": str,
    "negative_prompt": str,
    "seed": int,
    "steps": int,
    "cfg_scale": int | float,
    "width": int,
    "height": int,
    "batch_size": int,
    "n_iter": int,
    "send_images": bool,
    "save_images": bool,
    "override_settings": dict,
    "override_settings_restore_afterwards": bool,
}
_PICTURES = {
    "init_images": list,
    "resize_mode": int,
    "denoising_strength": int | float,
    "mask": str,
    "inpainting_fill": int,
    "inpaint_full_res": bool,
}
_ERRORS = {
    "invalid": (422, {"detail": [{"loc": ["body"], "msg": "words of theirs", "type": "x"}]}),
    "unauthorized": (401, {"detail": "Incorrect username or password"}),
    "transient": (500, {"error": "OutOfMemoryError", "detail": "", "errors": "words of theirs"}),
    "no_api": (404, {"detail": "Not Found"}),
}


class Automatic1111Vendor(Vendor):
    name = "automatic1111"
    model = "sd_xl_base_1.0"
    account: ClassVar[dict[str, str]] = {"key": "somebody:the-right-key"}
    # It bills nothing, forbids nothing, lets callers queue and takes any name of a checkpoint.
    troubles = ("invalid", "unauthorized", "transient")

    def __init__(self) -> None:
        super().__init__()
        self.is_open = False

    def answer(self, asked: Asked) -> Answer:
        right = b64encode(self.account["key"].encode()).decode()
        if not self.is_open and asked.headers.get("authorization") != f"Basic {right}":
            return self.trouble("unauthorized")
        if asked.method == "GET":
            require(asked.path == "/sdapi/v1/samplers", "an unknown path")
            return Answer(body=[{"name": "Euler a", "aliases": [], "options": {}}])
        require(asked.headers["content-type"] == "application/json", "no JSON")
        body = asked.json
        if asked.path == "/sdapi/v1/txt2img":
            self._check(body, _TEXTS)
        else:
            require(asked.path == "/sdapi/v1/img2img", f"an unknown path {asked.path}")
            self._check(body, _TEXTS | _PICTURES)
            self._check_pictures(body)
        return self.next_trouble() or self._made(body)

    def _check(self, body: Any, known: dict[str, Any]) -> None:
        for name, value in body.items():
            require(name in known, f"a field {name}")
            require(isinstance(value, known[name]), f"{name}: {value!r}")
        require(body["width"] % 8 == body["height"] % 8 == 0, "sides in eighths")
        require(min(body["width"], body["height"]) >= 64, "too small")
        require(max(body["width"], body["height"]) <= 2048, "too large")
        require(-1 <= body["seed"] < 2**32, f"seed {body['seed']}")
        require(1 <= body.get("steps", 20) <= 150, "steps")
        require(0 <= body.get("cfg_scale", 7) <= 30, "cfg_scale")
        require(set(body.get("override_settings", {})) <= {"sd_model_checkpoint"}, "settings")

    def _check_pictures(self, body: Any) -> None:
        require(len(body["init_images"]) == 1, "one picture an image")
        first = Image.open(io.BytesIO(b64decode(body["init_images"][0], validate=True)))
        require(body["resize_mode"] in range(4), "resize_mode")
        require(0 <= body.get("denoising_strength", 0.75) <= 1, "denoising_strength")
        if "mask" in body:
            mask = Image.open(io.BytesIO(b64decode(body["mask"], validate=True)))
            require(mask.size == first.size, "a mask of another size")
            require(body["inpainting_fill"] in range(4), "inpainting_fill")

    def _made(self, body: Any) -> Answer:
        image = b64encode(picture()).decode()
        wanted = body.get("override_settings", {}).get("sd_model_checkpoint", "v1-5-pruned")
        info = json.dumps({"seed": body["seed"], "sd_model_name": wanted})
        return Answer(body={"images": [image] * self.images, "parameters": body, "info": info})

    def trouble(self, kind: str) -> Answer:
        status, body = _ERRORS[kind]
        return Answer(status=status, body=body)
