"""Google's generateContent with image output, by an API key and on Vertex AI."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, ClassVar

from tests.fakes.descriptions import description
from tests.fakes.upstream import Answer, Asked, Vendor, picture, require

_RATIOS = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"}
_STRIPS = {"1:4", "4:1", "1:8", "8:1"}
_MOST_BYTES = 20 * 1024 * 1024
_ERRORS = {
    "invalid": (400, "INVALID_ARGUMENT", []),
    "rate_limited": (
        429,
        "RESOURCE_EXHAUSTED",
        [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": []},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "23s"},
        ],
    ),
    "no_funds": (
        403,
        "PERMISSION_DENIED",
        [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "BILLING_DISABLED"}],
    ),
    "unauthorized": (
        400,
        "INVALID_ARGUMENT",
        [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
    ),
    "model_gone": (404, "NOT_FOUND", []),
    "transient": (503, "UNAVAILABLE", []),
    "cut_off": (504, "DEADLINE_EXCEEDED", []),
    "no_billing": (400, "FAILED_PRECONDITION", []),
}


class GeminiVendor(Vendor):
    name = "gemini"
    model = "gemini-3-pro-image"
    description = "gemini-generateContent.subset.openapi.json"
    # What each model takes: ratios, sizes, pictures.
    models: ClassVar[dict[str, tuple[set[str], set[str], int]]] = {
        "gemini-2.5-flash-image": (_RATIOS, set(), 3),
        "gemini-3.1-flash-lite-image": (_RATIOS, set(), 14),
        "gemini-3.1-flash-image": (_RATIOS | _STRIPS, {"512", "1K", "2K", "4K"}, 14),
        "gemini-nano-banana-2.1": (_RATIOS | _STRIPS, {"1K", "2K", "4K"}, 14),
        "gemini-3-pro-image": (_RATIOS, {"1K", "2K", "4K"}, 14),
    }

    def __init__(self) -> None:
        super().__init__()
        # What comes back of what was asked for, beside an image: for the tests of refusals.
        self.block_reason = ""
        self.finish_reason = "STOP"

    def answer(self, asked: Asked) -> Answer:
        if not self.knows(asked):
            return self.trouble("unauthorized")
        if asked.method == "GET":
            require(asked.path == "/models", "an unknown path")
            return Answer(body={"models": []})
        require(asked.headers["content-type"] == "application/json", "no JSON")
        require(not asked.query, "unknown parameters")
        model, _, verb = asked.path.removeprefix(f"{self.parent(asked)}/models/").partition(":")
        require(verb in {"generateContent", "countTokens"}, f"an unknown path {asked.path}")
        if verb == "countTokens":
            require(set(asked.json) == {"contents"}, "fields of countTokens")
            return Answer(body={"totalTokens": 1})
        if model not in self.models:
            return self.trouble("model_gone")
        self.check(model, asked.json)
        require(len(asked.body) <= _MOST_BYTES, "too large")
        return self.next_trouble() or self.made(model)

    def knows(self, asked: Asked) -> bool:
        return asked.headers.get("x-goog-api-key") == self.account["key"]

    def parent(self, asked: Asked) -> str:
        """What stands before /models in the path."""
        del asked
        return ""

    def check(self, model: str, body: Any) -> None:
        self.conforms("GenerateContentRequest", body)
        require(set(body) == {"contents", "generationConfig"}, f"fields {set(body)}")
        (content,) = body["contents"]
        require(content["role"] == "user", "the role")
        first, *others = content["parts"]
        require(first["text"], "no prompt")
        for part in others:
            require(set(part) == {"inlineData"}, f"part {set(part)}")
            kind = part["inlineData"]["mimeType"]
            require(kind in {"image/png", "image/jpeg", "image/webp"}, f"a picture in {kind}")
            require(b64decode(part["inlineData"]["data"], validate=True), "no picture")
        ratios, sizes, pictures = self.models[model]
        require(len(others) <= pictures, f"{len(others)} pictures")
        self._check_config(body["generationConfig"], ratios, sizes)

    def _check_config(self, config: Any, ratios: set[str], sizes: set[str]) -> None:
        known = {"responseModalities", "imageConfig", "seed", "candidateCount", "temperature"}
        require(set(config) <= known, f"fields {set(config)}")
        require(config["candidateCount"] == 1, "one image a request")
        require(-(2**31) <= config["seed"] < 2**31, f"seed {config['seed']}")
        require(0 <= config.get("temperature", 1) <= 2, "temperature")
        self.check_modalities(config["responseModalities"])
        self.check_image(config["imageConfig"], ratios, sizes)

    def check_modalities(self, modalities: list[str]) -> None:
        require(modalities in (["IMAGE"], ["TEXT", "IMAGE"]), f"modalities {modalities}")

    def check_image(self, image: Any, ratios: set[str], sizes: set[str]) -> None:
        require(set(image) <= {"aspectRatio", "imageSize"}, f"fields {set(image)}")
        require(image["aspectRatio"] in ratios, f"ratio {image['aspectRatio']}")
        if "imageSize" in image:
            require(image["imageSize"] in sizes, f"size {image['imageSize']}")

    def made(self, model: str) -> Answer:
        if self.block_reason:
            return Answer(
                body={
                    "promptFeedback": {"blockReason": self.block_reason, "safetyRatings": []},
                    "usageMetadata": {"promptTokenCount": 4, "totalTokenCount": 4},
                    "modelVersion": model,
                }
            )
        sketch = _part(picture(8, 8, "red"), thought=True)
        parts = [sketch, {"text": "words of theirs"}]
        is_made = self.finish_reason == "STOP"
        parts += [_part(picture(), thoughtSignature="c2ln")] * self.images * is_made
        candidate = {
            "content": {"role": "model", "parts": parts},
            "finishReason": self.finish_reason,
            "index": 0,
        }
        return Answer(
            body={
                "candidates": [candidate],
                "usageMetadata": {"candidatesTokenCount": 1120, "totalTokenCount": 1124},
                "modelVersion": model,
                "responseId": "r-1",
            }
        )

    def trouble(self, kind: str) -> Answer:
        if kind == "moderation":
            body = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
            return Answer(body=body)
        status, word, details = _ERRORS[kind]
        error = {"code": status, "message": "words of theirs", "status": word, "details": details}
        return Answer(status=status, body={"error": error})


class VertexVendor(GeminiVendor):
    name = "vertex"
    # A discovery document, which is no OpenAPI: its fields are compared here.
    description = "vertex-aiplatform-v1.generateContent.discovery.subset.json"
    project: ClassVar[str] = "their-project"
    token: ClassVar[str] = "the-right-token"
    models: ClassVar[dict[str, tuple[set[str], set[str], int]]] = {
        name: (ratios - _STRIPS, sizes - {"512"}, pictures)
        for name, (ratios, sizes, pictures) in GeminiVendor.models.items()
    }

    def knows(self, asked: Asked) -> bool:
        if asked.path.startswith("/projects/"):
            return asked.headers.get("authorization") == f"Bearer {self.token}"
        return super().knows(asked)

    def parent(self, asked: Asked) -> str:
        if asked.path.startswith("/projects/"):
            return f"/projects/{self.project}/locations/europe-west4/publishers/google"
        return "/publishers/google"

    def check(self, model: str, body: Any) -> None:
        super().check(model, body)
        for content in body["contents"]:
            self.conforms("Content", content)
            for part in content["parts"]:
                self.conforms("Part", part)
        self.conforms("GenerationConfig", body["generationConfig"])
        self.conforms("ImageConfig", body["generationConfig"]["imageConfig"])

    def conforms(self, schema: str, body: Any) -> None:
        document = description(self.description)
        if document is not None:
            known = document["schemas"][f"GoogleCloudAiplatformV1{schema}"]["properties"]
            require(set(body) <= set(known), f"{schema}: {set(body) - set(known)}")
            self.described += 1

    def check_modalities(self, modalities: list[str]) -> None:
        require(modalities == ["TEXT", "IMAGE"], f"modalities {modalities}")

    def check_image(self, image: Any, ratios: set[str], sizes: set[str]) -> None:
        options = image["imageOutputOptions"]
        require(options == {"mimeType": "image/png"}, f"output {options}")
        others = {name: value for name, value in image.items() if name != "imageOutputOptions"}
        super().check_image(others, ratios, sizes)

    def trouble(self, kind: str) -> Answer:
        if kind == "unauthorized":
            error = {"code": 401, "message": "words of theirs", "status": "UNAUTHENTICATED"}
            return Answer(status=401, body={"error": error})
        return super().trouble(kind)


def _part(image: bytes, **more: Any) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": b64encode(image).decode()}, **more}
