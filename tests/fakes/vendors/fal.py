"""fal's queue, and what its endpoints take."""

from __future__ import annotations

import io
import itertools
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, ClassVar

from PIL import Image

from tests.fakes.descriptions import description
from tests.fakes.upstream import Answer, Asked, Vendor, picture, require
from tests.fakes.vendors.fal_younger import YOUNGER

# Numbers that the types leave open: the beginning of an endpoint → field → least and most.
_RANGES: tuple[tuple[str, Mapping[str, tuple[float, float]]], ...] = (
    ("fal-ai/flux/schnell", {"num_inference_steps": (1, 12), "guidance_scale": (1, 20)}),
    (
        "fal-ai/flux/dev/image-to-image",
        {"num_inference_steps": (10, 50), "guidance_scale": (1, 20), "strength": (0.01, 1)},
    ),
    ("fal-ai/flux/dev", {"num_inference_steps": (1, 50), "guidance_scale": (1, 20)}),
    ("fal-ai/flux-lora-fill", {"num_inference_steps": (1, 50), "guidance_scale": (28, 35)}),
    (
        "fal-ai/flux-general/inpainting",
        {"num_inference_steps": (1, 50), "guidance_scale": (0, 20), "strength": (0.01, 1)},
    ),
    ("fal-ai/flux-2-flex", {"num_inference_steps": (10, 50), "guidance_scale": (1.5, 10)}),
    (
        "fal-ai/flux-2/klein/4b/base",
        {"num_inference_steps": (4, 50), "guidance_scale": (0, 20)},
    ),
    ("fal-ai/flux-2/klein", {"num_inference_steps": (4, 8)}),
    ("fal-ai/ideogram", {"strength": (0.01, 1), "seed": (0, 2**31 - 1)}),
    ("wan/", {"seed": (0, 2**31 - 1)}),
)
# The same for sizes: multiple, sides, pixels.
_SIZES: tuple[tuple[str, int, tuple[int, int], tuple[int, int]], ...] = (
    ("fal-ai/flux/", 16, (256, 2048), (0, 2048 * 1024)),
    ("fal-ai/flux-2", 8, (512, 2048), (0, 2048 * 2048)),
    ("fal-ai/ideogram/v3", 64, (512, 1536), (0, 1024 * 1024)),
    ("fal-ai/bytedance/seedream/v4.5", 1, (0, 4096), (2560 * 1440, 4096 * 4096)),
    ("fal-ai/bytedance/seedream/v4/", 1, (960, 4096), (960 * 960, 4096 * 4096)),
    ("fal-ai/bytedance/seedream/v5/lite", 1, (0, 6144), (2560 * 1440, 3072 * 3072)),
    ("bytedance/seedream/v5/pro", 1, (0, 4096), (1024 * 1024, 2048 * 2048)),
    ("wan/", 1, (0, 5000), (768 * 768, 1280 * 1280)),
    ("openai/gpt-image-2", 16, (0, 3840), (655_360, 8_294_400)),
)
_MOST_PICTURES = (("fal-ai/flux-2/klein", 4), ("wan/", 3), ("xai/", 3))
_FLAT = {
    "rate_limited": (429, {"detail": "words of theirs"}),
    "no_funds": (403, {"detail": "words of theirs: Exhausted balance. Top up your balance."}),
    "unauthorized": (401, {"detail": "words of theirs"}),
    "model_gone": (404, {"detail": "words of theirs"}),
    "transient": (503, {"detail": "words of theirs", "error_type": "runner_server_error"}),
}
_OF_MODEL = {
    "moderation": (422, "content_policy_violation"),
    "invalid": (422, "greater_than_equal"),
    "empty": (422, "no_media_generated"),
    "broken": (500, "internal_server_error"),
    "slow": (504, "generation_timeout"),
}


class FalVendor(Vendor):
    name = "fal"
    model = "fal-ai/ideogram/v3"
    description = "fal-image-endpoints.from-fal-ai-client-1.10.1.json"
    account: ClassVar[Mapping[str, str]] = {"key": "the-right-key"}

    def __init__(self) -> None:
        super().__init__()
        # The request's number → the endpoint, what it comes to, and how often it was asked after.
        self.requests: dict[str, tuple[str, str]] = {}
        self.looks: dict[str, int] = {}
        self.numbers = itertools.count(1)
        self.blackened = False
        self.canceled: list[str] = []
        self.callbacks: list[str] = []
        # Where the addresses in its answers lie.
        self.site = ""

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Key {self.account['key']}":
            return self.trouble("unauthorized")
        if asked.path == "/v1/models/pricing":
            require(asked.method == "GET" and asked.query["endpoint_id"], "no endpoint_id")
            return Answer(body={"next_cursor": None, "has_more": False, "prices": []})
        later = re.fullmatch(r"/[\w.-]+/[\w.-]+/requests/([\w-]+)(/cancel|/status)?", asked.path)
        if later is None:
            return self._submit(asked)
        number, what = later.groups()
        if what == "/cancel":
            require(asked.method == "PUT", "a cancel is a PUT")
            return self._cancel(number)
        require(asked.method == "GET", "a look is a GET")
        if number not in self.requests:
            return Answer(status=404, body={"detail": "words of theirs"})
        return self._status(number, asked.path) if what else self._result(number)

    def _submit(self, asked: Asked) -> Answer:
        require(asked.method == "POST", "an unknown path")
        endpoint = asked.path.removeprefix("/")
        require(asked.headers["content-type"] == "application/json", "JSON")
        lifecycle = json.loads(asked.headers["x-fal-object-lifecycle-preference"])
        require(lifecycle["expiration_duration_seconds"] > 0, "a lifetime")
        require(set(asked.query) <= {"fal_webhook"}, "an unknown query")
        self.callbacks += asked.query.values()
        self._check(endpoint, asked.json)
        kind = self.script.pop(0) if self.script else "made"
        if kind in _FLAT:
            return self.trouble(kind)
        number = f"764cabcf-{next(self.numbers)}"
        self.requests[number] = (endpoint, kind)
        owner, app, *_ = endpoint.split("/")
        here = f"{self.site or self.upstream.url}/{owner}/{app}/requests/{number}"
        return Answer(
            body={
                "status": "IN_QUEUE",
                "request_id": number,
                "gateway_request_id": number,
                "queue_position": 0,
                "response_url": here,
                "status_url": f"{here}/status",
                "cancel_url": f"{here}/cancel",
            }
        )

    def _cancel(self, number: str) -> Answer:
        if number not in self.requests:
            return Answer(status=404, body={"status": "NOT_FOUND"})
        self.canceled.append(number)
        return Answer(status=202, body={"status": "CANCELLATION_REQUESTED"})

    def _status(self, number: str, path: str) -> Answer:
        here = f"{self.site or self.upstream.url}{path.removesuffix('/status')}"
        said = {"request_id": number, "response_url": here, "status_url": f"{here}/status"}
        self.looks[number] = self.looks.get(number, 0) + 1
        if self.looks[number] <= self.polls:
            return Answer(status=202, body={"status": "IN_PROGRESS", **said})
        return Answer(body={"status": "COMPLETED", "metrics": {}, **said})

    def _result(self, number: str) -> Answer:
        endpoint, kind = self.requests[number]
        require(self.looks.get(number, 0) > self.polls, "there is no result yet")
        if number in self.canceled:
            said = {"detail": "words of theirs", "error_type": "client_cancelled"}
            return Answer(status=499, body=said)
        return self._made(endpoint) if kind == "made" else self.trouble(kind)

    def _made(self, endpoint: str) -> Answer:
        images = [
            {
                "url": self.upstream.keep(picture()),
                "content_type": "image/png",
                "file_name": "z9RV14K95DvU.png",
                "file_size": 4404019,
                "width": 64,
                "height": 48,
            }
            for _ in range(self.images)
        ]
        if "birefnet" in endpoint:
            return Answer(body={"image": images[0]})
        flags = [self.blackened] * self.images
        return Answer(body={"images": images, "seed": 7, "has_nsfw_concepts": flags})

    def trouble(self, kind: str) -> Answer:
        if kind in _FLAT:
            status, body = _FLAT[kind]
            return Answer(status=status, body=body)
        status, kind_of_error = _OF_MODEL[kind]
        detail = {
            "loc": ["body", "prompt"],
            "msg": "words of theirs",
            "type": kind_of_error,
            "url": f"https://docs.fal.ai/errors#{kind_of_error}",
            "input": {"prompt": "words of theirs"},
        }
        return Answer(
            status=status, body={"detail": [detail]}, headers={"x-fal-retryable": "false"}
        )

    def _check(self, endpoint: str, body: Mapping[str, Any]) -> None:
        known = description(self.description)
        if endpoint in YOUNGER:
            self._types(endpoint, YOUNGER[endpoint], body)
        elif known is not None:
            require(endpoint in known, f"no endpoint {endpoint}")
            fields = known[endpoint]["input"].items()
            self._types(endpoint, {name: said["ts"] for name, said in fields}, body)
            self.described += 1
        for field, (least, most) in _first(_RANGES, endpoint, {}).items():
            require(least <= body.get(field, least) <= most, f"{endpoint}: {field} {body}")
        for field in ("num_images", "max_images"):
            require(body.get(field, 1) == 1, f"{endpoint}: {field}")
        self._check_size(endpoint, body.get("image_size"))
        self._check_files(endpoint, body)

    def _types(self, endpoint: str, fields: Mapping[str, str], body: Mapping[str, Any]) -> None:
        types = {name.removesuffix("?"): said for name, said in fields.items()}
        require(set(body) <= set(types), f"{endpoint} has no {set(body) - set(types)}")
        missing = {name for name in fields if not name.endswith("?")} - set(body)
        require(not missing, f"{endpoint} needs {missing}")
        for name, value in body.items():
            require(_fits(types[name], value), f"{endpoint}: {name} {str(value)[:80]}")

    def _check_size(self, endpoint: str, size: Any) -> None:
        if not isinstance(size, Mapping):
            return
        sides, pixels = (size["width"], size["height"]), size["width"] * size["height"]
        bounds = next((row for row in _SIZES if endpoint.startswith(row[0])), None)
        require(bounds is not None, f"{endpoint}: no sizes are known")
        _, multiple, (least, most), (fewest, greatest) = bounds
        require(all(side % multiple == 0 for side in sides), f"{endpoint}: {sides}")
        require(all(least <= side <= most for side in sides), f"{endpoint}: {sides}")
        require(fewest <= pixels <= greatest, f"{endpoint}: {sides}")

    def _check_files(self, endpoint: str, body: Mapping[str, Any]) -> None:
        given = body.get("image_urls", [])
        most = next((most for start, most in _MOST_PICTURES if endpoint.startswith(start)), 14)
        require(len(given) <= most, f"{endpoint}: {len(given)} pictures")
        require("image_urls" not in body or given, f"{endpoint}: an empty list")
        first = body.get("image_url") or (given[0] if given else None)
        pictures = [opened(url) for url in given]
        require(all(pictures) or not pictures, "a picture cannot be read")
        for name in ("mask_url", "mask_image_url"):
            if name in body:
                require(first is not None, f"{endpoint}: a mask without a picture")
                require(opened(body[name]).size == opened(first).size, "a mask of another size")


def opened(url: str) -> Image.Image:
    """The picture of a data URI."""
    head, _, code = url.partition(";base64,")
    require(re.fullmatch(r"data:image/(png|jpeg|webp)", head), f"no data URI: {url[:40]}")
    image = Image.open(io.BytesIO(b64decode(code, validate=True)))
    require(f"data:image/{image.format.lower()}" == head, f"{head} of a {image.format}")
    return image


def _first(rows: Any, endpoint: str, default: Any) -> Any:
    return next((value for start, value in rows if endpoint.startswith(start)), default)


def _fits(said: str, value: Any) -> bool:
    """Whether a value is of a type as TypeScript writes it, as far as our requests need it."""
    return any(_is(kind.strip(), value) for kind in said.split(" | "))


def _is(kind: str, value: Any) -> bool:
    if kind.startswith('"'):
        return value == json.loads(kind)
    if kind.startswith("Array<"):
        inner = kind.removeprefix("Array<").removesuffix(">")
        return isinstance(value, list) and all(_fits(inner, entry) for entry in value)
    if kind == "ImageSize":
        is_size = isinstance(value, dict) and set(value) == {"width", "height"}
        return is_size and all(type(side) is int and 0 < side <= 14142 for side in value.values())
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "boolean": bool}.get(kind, ()))
