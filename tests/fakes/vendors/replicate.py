"""Replicate's predictions, with the inputs that each model's own schema knows.

A prediction goes `starting`, then `processing` as often as `polls` says, then to its end. Filters
are heard of there: `script` of "moderation" makes a prediction that fails.
"""

from __future__ import annotations

import io
import re
from base64 import b64decode
from typing import Any

import jsonschema
from PIL import Image

from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_TEXT = {"type": "string", "minLength": 1}
_FLAG = {"type": "boolean"}
_FILE = {"type": "string", "pattern": "^(https://|data:image/(png|jpeg|webp);base64,)"}
_SEED = {"type": "integer", "minimum": 0, "maximum": 2**32 - 1}
_SEED_31 = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}


def _whole(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def _one_of(words: str) -> dict[str, Any]:
    return {"enum": words.split()}


def _files(most: int) -> dict[str, Any]:
    return {"type": "array", "items": _FILE, "maxItems": most, "minItems": 1}


def _schema(**properties: Any) -> dict[str, Any]:
    """The first input is the one that is needed."""
    needed = next(iter(properties))
    return {
        "type": "object",
        "properties": properties,
        "required": [needed],
        "additionalProperties": False,
    }


_FORMAT = _one_of("webp jpg png")
_SIDE = {**_whole(256, 2048), "multipleOf": 16}
_FLUX_2 = {
    "prompt": _TEXT,
    "input_images": _files(8),
    "aspect_ratio": _one_of("match_input_image custom 1:1 16:9 3:2 2:3 4:5 5:4 9:16 3:4 4:3"),
    "resolution": {"enum": ["match_input_image", "0.5 MP", "1 MP", "2 MP", "4 MP"]},
    "width": _SIDE,
    "height": _SIDE,
    "safety_tolerance": _whole(1, 5),
    "seed": _SEED,
    "output_format": _FORMAT,
    "output_quality": _whole(0, 100),
}
_KLEIN = {
    "prompt": _TEXT,
    "images": _files(5),
    "aspect_ratio": _one_of("1:1 16:9 9:16 3:2 2:3 4:3 3:4 5:4 4:5 21:9 9:21 match_input_image"),
    "output_megapixels": _one_of("0.25 0.5 1 2 4"),
    "go_fast": _FLAG,
    "seed": _SEED,
    "output_format": _FORMAT,
    "output_quality": _whole(0, 100),
    "disable_safety_checker": _FLAG,
}
_BANANA = {
    "prompt": _TEXT,
    "image_input": _files(14),
    "aspect_ratio": _one_of("match_input_image 1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9"),
    "output_format": _one_of("jpg png"),
}
_GPT = {
    "prompt": _TEXT,
    "aspect_ratio": _one_of("1:1 3:2 2:3"),
    "input_images": _files(16),
    "number_of_images": _whole(1, 10),
    "quality": _one_of("low medium high auto"),
    "background": _one_of("auto transparent opaque"),
    "output_compression": _whole(0, 100),
    "output_format": _one_of("png jpeg webp"),
    "moderation": _one_of("auto low"),
}
_IDEOGRAM = {
    "prompt": _TEXT,
    "magic_prompt_option": _one_of("Auto On Off"),
    "image": _FILE,
    "mask": _FILE,
    "style_type": _one_of("None Auto General Realistic Design"),
    "seed": _SEED_31,
}
_IDEOGRAM_2 = _schema(
    **_IDEOGRAM,
    aspect_ratio=_one_of("1:1 16:9 9:16 4:3 3:4 3:2 2:3 16:10 10:16 3:1 1:3"),
    negative_prompt=_TEXT,
)
_IDEOGRAM_3 = _schema(
    **_IDEOGRAM,
    aspect_ratio=_one_of("1:3 3:1 1:2 2:1 9:16 16:9 10:16 16:10 2:3 3:2 3:4 4:3 4:5 5:4 1:1"),
    style_reference_images=_files(10),
)
_GROUP = {
    "prompt": _TEXT,
    "sequential_image_generation": _one_of("disabled auto"),
    "max_images": _whole(1, 15),
    "aspect_ratio": _one_of("match_input_image 1:1 4:3 3:4 16:9 9:16 3:2 2:3 21:9"),
}
_GEN_4 = _schema(
    prompt=_TEXT,
    seed=_SEED,
    aspect_ratio=_one_of("16:9 9:16 4:3 3:4 1:1 21:9"),
    resolution=_one_of("720p 1080p"),
    reference_images=_files(3),
    reference_tags={"type": "array", "items": _TEXT, "maxItems": 3},
)
_RIVERFLOW = {
    "instruction": {"type": "string", "minLength": 2},
    "aspect_ratio": _one_of("auto 21:9 16:9 3:2 4:3 5:4 1:1 4:5 3:4 2:3 9:16"),
    "super_resolution_refs": _files(4),
    "font_urls": _files(2),
    "font_texts": {"type": "array", "items": _TEXT, "maxItems": 2},
    "transparency": _FLAG,
    "enhance_prompt": _FLAG,
    "max_iterations": _whole(1, 3),
    "safety_checker": _FLAG,
}

MODELS: dict[str, dict[str, Any]] = {
    "black-forest-labs/flux-schnell": _schema(
        prompt=_TEXT,
        aspect_ratio=_one_of("1:1 16:9 21:9 3:2 2:3 4:5 5:4 3:4 4:3 9:16 9:21"),
        num_outputs=_whole(1, 4),
        num_inference_steps=_whole(1, 4),
        seed=_SEED,
        output_format=_FORMAT,
        output_quality=_whole(0, 100),
        disable_safety_checker=_FLAG,
        go_fast=_FLAG,
        megapixels=_one_of("1 0.25"),
    ),
    "black-forest-labs/flux-2-max": _schema(**_FLUX_2),
    "black-forest-labs/flux-2-pro": _schema(**_FLUX_2),
    "black-forest-labs/flux-2-flex": _schema(
        **{**_FLUX_2, "input_images": _files(10)},
        prompt_upsampling=_FLAG,
        steps=_whole(1, 50),
        guidance={"type": "number", "minimum": 1.5, "maximum": 10},
    ),
    "black-forest-labs/flux-3-image": _schema(
        prompt=_TEXT,
        images=_files(10),
        aspect_ratio=_one_of("auto 21:9 2:1 16:9 3:2 4:3 5:4 1:1 4:5 3:4 2:3 9:16 1:2 9:21"),
        resolution=_one_of("768sq 1k 1.5k 2k 4k"),
        grounding=_FLAG,
        safety_tolerance=_whole(0, 4),
        output_format=_FORMAT,
        output_quality=_whole(0, 100),
    ),
    "black-forest-labs/flux-2-klein-9b": _schema(**_KLEIN),
    "black-forest-labs/flux-2-klein-4b": _schema(**_KLEIN),
    "google/nano-banana": _schema(**_BANANA),
    "google/nano-banana-2": _schema(
        **_BANANA, resolution=_one_of("1K 2K 4K"), google_search=_FLAG, image_search=_FLAG
    ),
    "google/nano-banana-pro": _schema(
        **_BANANA,
        resolution=_one_of("1K 2K 4K"),
        safety_filter_level=_one_of("block_low_and_above block_medium_and_above block_only_high"),
    ),
    "openai/gpt-image-1.5": _schema(**_GPT, input_fidelity=_one_of("low high")),
    "openai/gpt-image-2": _schema(
        **{**_GPT, "aspect_ratio": _one_of("1:1 3:2 2:3 4:3 3:4 16:9 9:16 auto")}
    ),
    "ideogram-ai/ideogram-v2": _IDEOGRAM_2,
    "ideogram-ai/ideogram-v2-turbo": _IDEOGRAM_2,
    "ideogram-ai/ideogram-v3-turbo": _IDEOGRAM_3,
    "ideogram-ai/ideogram-v3-balanced": _IDEOGRAM_3,
    "ideogram-ai/ideogram-v3-quality": _IDEOGRAM_3,
    "bytedance/seedream-4": _schema(
        **_GROUP,
        image_input=_files(10),
        size=_one_of("1K 2K 4K custom"),
        width=_whole(1024, 4096),
        height=_whole(1024, 4096),
        enhance_prompt=_FLAG,
    ),
    "bytedance/seedream-4.5": _schema(
        **_GROUP, image_input=_files(14), size=_one_of("2K 4K"), disable_safety_checker=_FLAG
    ),
    "runwayml/gen4-image": _GEN_4,
    "runwayml/gen4-image-turbo": _GEN_4,
    "xai/grok-imagine-image": _schema(
        prompt=_TEXT,
        image=_FILE,
        n=_whole(1, 10),
        aspect_ratio=_one_of("1:1 16:9 9:16 4:3 3:4 3:2 2:3"),
    ),
    "sourceful/riverflow-2.0-pro": _schema(
        **_RIVERFLOW, init_images=_files(10), resolution=_one_of("1K 2K 4K")
    ),
    "sourceful/riverflow-2.0-fast": _schema(
        **_RIVERFLOW, init_images=_files(4), resolution=_one_of("1K 2K")
    ),
}
_ONE_ADDRESS = (
    "black-forest-labs/flux-2-max",
    "black-forest-labs/flux-2-pro",
    "black-forest-labs/flux-2-flex",
    "google/",
    "ideogram-ai/",
    "runwayml/",
)
_ERRORS = {
    "invalid": (422, "Input validation failed"),
    "rate_limited": (429, "Request was throttled. Your rate limit resets in ~30s."),
    "no_funds": (402, "Insufficient credit"),
    "unauthorized": (401, "Unauthenticated"),
    "model_gone": (404, "Not found"),
    "transient": (500, "Internal server error"),
}
_PATH = re.compile(r"/models/([\w.-]+/[\w.-]+)/predictions")


VERSION = "0a" * 32


class ReplicateVendor(Vendor):
    name = "replicate"
    model = "black-forest-labs/flux-2-pro"
    description = "replicate.openapi.json"

    def __init__(self) -> None:
        super().__init__()
        # How predictions end, and what the failed ones say.
        self.ending = "succeeded"
        self.error = "The input or output was flagged as sensitive. (E005) words of theirs"
        self.predictions: dict[str, dict[str, Any]] = {}
        self.canceled: list[str] = []

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {self.account['key']}":
            return self.trouble("unauthorized")
        if asked.method == "GET" and asked.path == "/account":
            return Answer(body={"type": "user", "username": "acme"})
        if asked.method == "POST" and not asked.path.endswith("/cancel"):
            return self._create(self._model(asked), asked)
        _, place, name, *rest = asked.path.split("/")
        require(place == "predictions", "an unknown path")
        if name not in self.predictions:
            return self.trouble("model_gone")
        return self._cancel(name, rest) if asked.method == "POST" else self._look(name, rest)

    def _model(self, asked: Asked) -> str:
        by_model = _PATH.fullmatch(asked.path)
        if by_model:
            self.conforms("schemas_prediction_request", asked.json)
            return by_model[1]
        require(asked.path == "/predictions", "an unknown path")
        self.conforms("schemas_version_prediction_request", asked.json)
        model, _, version = asked.json["version"].partition(":")
        require(version == VERSION, "an unknown version")
        return str(model)

    def _create(self, model: str, asked: Asked) -> Answer:
        body = asked.json
        require(re.fullmatch(r"\d+[smh]", asked.headers["cancel-after"]), "cancel-after")
        require("prefer" not in asked.headers, "nobody waits on a connection")
        for address in [body[name] for name in ("webhook",) if name in body]:
            require(address.startswith("https://"), "a webhook over https")
        if model not in MODELS:
            return self.trouble("model_gone")
        jsonschema.validate(body["input"], MODELS[model])
        _check_together(body["input"])
        ending = self.ending
        if self.script[:1] == ["moderation"]:
            self.script.pop(0)
            ending = "failed"
        trouble = self.next_trouble()
        if trouble is not None:
            return trouble
        name = f"p{len(self.predictions)}rme0cw7v"
        self.predictions[name] = {
            "model": model,
            "input": body["input"],
            "looks": 0,
            "ending": ending,
        }
        return Answer(status=201, body=self._prediction(name, "starting"))

    def _cancel(self, name: str, rest: list[str]) -> Answer:
        require(rest == ["cancel"], "an unknown path")
        self.canceled.append(name)
        self.predictions[name]["ending"] = "canceled"
        return Answer(body=self._prediction(name))

    def _look(self, name: str, rest: list[str]) -> Answer:
        require(not rest, "an unknown path")
        prediction = self.predictions[name]
        prediction["looks"] += 1
        pending = prediction["looks"] <= self.polls and prediction["ending"] != "canceled"
        return Answer(body=self._prediction(name, "processing" if pending else ""))

    def _prediction(self, name: str, status: str = "") -> dict[str, Any]:
        prediction = self.predictions[name]
        status = status or prediction["ending"]
        own = f"{self.upstream.url}/predictions/{name}"
        said = {
            "id": name,
            "model": prediction["model"],
            "version": VERSION,
            "input": prediction["input"],
            "logs": "",
            "output": self._output(prediction["model"]) if status == "succeeded" else None,
            "data_removed": False,
            "error": self.error if status == "failed" else None,
            "status": status,
            "created_at": "2026-11-21T12:00:00.000Z",
            "urls": {"get": own, "cancel": f"{own}/cancel", "web": "https://replicate.com/p/1"},
            "metrics": {"predict_time": 1.5, "total_time": 2.0} if not status else {},
        }
        self.conforms("schemas_prediction_response", said)
        return said

    def _output(self, model: str) -> Any:
        urls = [self.upstream.keep(picture()) for _ in range(self.images)]
        return (urls or [None])[0] if model.startswith(_ONE_ADDRESS) else urls

    def trouble(self, kind: str) -> Answer:
        if kind == "moderation":  # what a poll says of such a prediction
            return Answer(body={"id": "p0", "status": "failed", "error": self.error})
        status, title = _ERRORS[kind]
        said = {"title": title, "detail": f"words of theirs: {title}", "status": status}
        return Answer(status=status, body=said)


def _check_together(given: dict[str, Any]) -> None:
    """What holds between inputs, which the schemas cannot say."""
    has_size = "width" in given and "height" in given
    is_custom = "custom" in {given.get("aspect_ratio"), given.get("size")}
    require(has_size == is_custom, "width and height go with custom")
    if "mask" in given:
        require("image" in given, "a mask without its image")
        sizes = {_opened(given[name]).size for name in ("image", "mask")}
        require(len(sizes) == 1, "a mask of the image's size")


def _opened(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(b64decode(uri.partition(",")[2])))
