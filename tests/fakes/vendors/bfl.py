"""Black Forest Labs' tasks."""

from __future__ import annotations

import io
import itertools
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, ClassVar

import jsonschema
from PIL import Image

from tests.fakes.descriptions import description
from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_SCHEMAS = {
    "flux-2-max": "Flux2Inputs",
    "flux-2-pro": "Flux2Inputs",
    "flux-2-pro-preview": "Flux2Inputs",
    "flux-2-flex": "Flux2FlexInputs",
    "flux-2-klein-9b": "Flux2KleinInputs",
    "flux-2-klein-9b-preview": "Flux2KleinInputs",
    "flux-2-klein-4b": "Flux2KleinInputs",
    "flux-pro-1.1": "FluxPro11Inputs",
    "flux-pro-1.1-ultra": "FluxUltraInput",
    "flux-dev": "FluxDevInputs",
    "flux-kontext-pro": "FluxKontextProInputs",
    "flux-kontext-max": "FluxKontextProInputs",
    "flux-pro-1.0-fill": "FluxProFillInputs",
}
# Younger than the description: https://docs.bfl.ai/flux_3/flux3_image_generate
_FLUX_3 = {
    "type": "object",
    "properties": {
        "prompt": {"type": "string", "minLength": 1, "maxLength": 15_000},
        "aspect_ratio": {
            "pattern": "^(auto|21:9|2:1|16:9|3:2|7:5|4:3|5:4|1:1|4:5|3:4|5:7|2:3|9:16|1:2|9:21)$"
        },
        "resolution": {"enum": ["768sq", "1k", "1.5k", "2k", "4k"]},
        "images": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 10},
        "grounding": {"type": "boolean"},
        "safety_tolerance": {"type": "integer", "minimum": 0, "maximum": 4},
        "version": {"type": "string"},
    },
    "required": ["prompt"],
    "additionalProperties": False,
}
_ERRORS = {
    "invalid": (422, [{"loc": ["body", "prompt"], "msg": "words of theirs", "type": "too_long"}]),
    "rate_limited": (429, "words of theirs"),
    "no_funds": (402, "words of theirs"),
    "unauthorized": (403, "words of theirs"),
    "model_gone": (404, "words of theirs"),
    "transient": (503, "words of theirs"),
}
# Statuses that a task ends with, other than Ready.
_ENDS = {
    "moderation": "Request Moderated",
    "moderated_later": "Content Moderated",
    "error": "Error",
    "not_found": "Task not found",
}


class BflVendor(Vendor):
    name = "bfl"
    model = "flux-2-pro"
    description = "bfl.openapi.json"
    account: ClassVar[Mapping[str, str]] = {"key": "the-right-key"}

    def __init__(self) -> None:
        super().__init__()
        self.tasks: dict[str, str] = {}
        self.looks: dict[str, int] = {}
        self.numbers = itertools.count(1)
        self.callbacks: list[str] = []
        # Where the addresses in its answers lie.
        self.site = ""

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("x-key") != self.account["key"]:
            return self.trouble("unauthorized")
        if asked.method == "GET" and asked.path == "/v1/credits":
            return Answer(body={"credits": 100})
        if asked.method == "GET":
            require(asked.path in {"/v1/get_result", "/v1/somewhere"}, "an unknown path")
            return self._look(asked.query["id"])
        require(asked.method == "POST", "an unknown path")
        require(asked.headers["content-type"] == "application/json", "JSON")
        model = asked.path.removeprefix("/v1/")
        if model == "flux-3-image":
            _check_flux_3(asked.json)
        else:
            require(model in _SCHEMAS, f"an unknown model {model}")
            self._check(model, asked.json)
        return self._submitted(asked.json)

    def _submitted(self, body: Mapping[str, Any]) -> Answer:
        kind = self.script.pop(0) if self.script else "made"
        if kind in _ERRORS:
            return self.trouble(kind)
        task = f"f7d0c5bc-{next(self.numbers)}"
        self.tasks[task] = kind
        bill = {"cost": 4.5, "input_mp": 0.0, "output_mp": 1.0}
        if "webhook_url" in body:
            self.callbacks.append(body["webhook_url"])
            return Answer(
                body={"id": task, "status": "Pending", "webhook_url": body["webhook_url"], **bill}
            )
        where = f"{self.site or self.upstream.url}/v1/somewhere?id={task}"
        return Answer(body={"id": task, "polling_url": where, **bill})

    def _look(self, task: str) -> Answer:
        kind = self.tasks.get(task, "not_found")
        self.looks[task] = self.looks.get(task, 0) + 1
        said: dict[str, Any] = {
            "id": task,
            "status": "Pending",
            "result": None,
            "progress": 0.5,
            "details": None,
            "preview": None,
        }
        if kind == "made" and self.looks[task] > self.polls:
            sample = self.upstream.keep(picture()) if self.images else None
            said |= {"status": "Ready", "progress": 1.0, "result": {"sample": sample, "seed": 7}}
        elif kind == "not_found" or (kind != "made" and self.looks[task] > self.polls):
            reasons = {"Moderation Reasons": ["words of theirs"]}
            said |= {"status": _ENDS[kind], "details": reasons}
        return Answer(body=said)

    def trouble(self, kind: str) -> Answer:
        if kind in _ENDS:
            return Answer(body={"id": "f7d0c5bc-0", "status": _ENDS[kind], "result": None})
        status, detail = _ERRORS[kind]
        headers = {"retry-after": "9"} if kind == "rate_limited" else {}
        return Answer(status=status, body={"detail": detail}, headers=headers)

    def _check(self, model: str, body: Mapping[str, Any]) -> None:
        schema = _SCHEMAS[model]
        self.conforms(schema, body)
        known = description(self.description)
        if known is not None:
            fields = known["components"]["schemas"][schema]["properties"]
            require(set(body) <= set(fields), f"{model} has no {set(body) - set(fields)}")
        if model.startswith("flux-2") and "width" in body:
            sides = (body["width"], body["height"])
            require(all(side % 16 == 0 for side in sides), f"{sides} are no multiples of 16")
            require(sides[0] * sides[1] <= 2048 * 2048, f"{sides} are more than 4 MP")
        if "aspect_ratio" in body:
            across, down = map(int, body["aspect_ratio"].split(":"))
            require(9 / 21 <= across / down <= 21 / 9, body["aspect_ratio"])
        for name in body:
            if name in {"image", "mask", "image_prompt"} or name.startswith("input_image"):
                require(opened(body[name]).size, f"{name} is no picture")
        if "mask" in body:
            require(opened(body["mask"]).size == opened(body["image"]).size, "a mask's size")


def _check_flux_3(body: Mapping[str, Any]) -> None:
    jsonschema.Draft202012Validator(_FLUX_3).validate(body)
    require(body["grounding"] is False, "a search in the web")
    for code in body.get("images", []):
        sides = opened(code).size
        require(min(sides) >= 256 and sides[0] * sides[1] <= 16_000_000, f"a picture of {sides}")


def opened(code: str) -> Image.Image:
    return Image.open(io.BytesIO(b64decode(code, validate=True)))
