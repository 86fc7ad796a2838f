"""Google's image models behind generateContent, by an API key or on Vertex AI.

Answered at once, in base64; a refusal is a 200 as well. On Vertex the account has `key` (express
mode), or `token` and `project`, a token being one that is fetched and renewed elsewhere, or
`service_account`, the content of such an account's file. `location` goes with the latter two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import base64_of, media_type
from darkroom.providers.google_account import ServiceAccount, read_service_account
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    HttpRequest,
    Images,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import code_of, dig, entries, picture, seconds_of, text
from darkroom.providers.sizing import covering, nearest_ratio, step_for
from darkroom.providers.wording import prompt_with

_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_STRIPS = ("1:4", "4:1", "1:8", "8:1")
_WITH_STRIPS = ("gemini-3.1-flash-image", "gemini-nano-banana")
_STEPS = (("1K", 1024), ("2K", 2048), ("4K", 4096))
_SMALL = ("512", 512)
_WITH_SMALL = ("gemini-3.1-flash-image",)
# These make 1K and refuse to be asked for a size.
_ONE_SIZE = ("gemini-2.5-flash-image", "gemini-3.1-flash-lite-image")
# Seeds are signed and have 32 bits.
_SEEDS = 2**31
# Ends of a candidate that its rules are the cause of.
_MODERATION = {
    "SAFETY",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "PROHIBITED_CONTENT",
    "RECITATION",
    "BLOCKLIST",
    "SPII",
    "MODEL_ARMOR",
    "ESCALATION",
}
# Google's own words, the status of an error and the reason in its details.
_FAILURE_KINDS = {
    "INVALID_ARGUMENT": FailureKind.INVALID,
    # Where its free tier does not reach: billing has to be enabled.
    "FAILED_PRECONDITION": FailureKind.NO_FUNDS,
    "UNAUTHENTICATED": FailureKind.UNAUTHORIZED,
    "PERMISSION_DENIED": FailureKind.UNAUTHORIZED,
    "NOT_FOUND": FailureKind.MODEL_GONE,
    "RESOURCE_EXHAUSTED": FailureKind.RATE_LIMITED,
    "CANCELLED": FailureKind.UNKNOWN,
    "DEADLINE_EXCEEDED": FailureKind.UNKNOWN,
    "API_KEY_INVALID": FailureKind.UNAUTHORIZED,  # with the status of an invalid argument
    "BILLING_DISABLED": FailureKind.NO_FUNDS,
    # The end of a candidate: an account that has asked for what is forbidden too often.
    "PUP_LIMITED_DISABLED": FailureKind.UNAUTHORIZED,
}


class Gemini(JsonAdapter):
    base_url = "https://generativelanguage.googleapis.com/v1beta"
    modalities: ClassVar[tuple[str, ...]] = ("IMAGE",)
    strips: ClassVar[tuple[str, ...]] = _STRIPS
    small: ClassVar[tuple[tuple[str, int], ...]] = (_SMALL,)

    def headers(self) -> Mapping[str, str]:
        return {"x-goog-api-key": self.account["key"]}

    def path(self, model: str, verb: str) -> str:
        return f"/models/{model}:{verb}"

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        request = wanted.request
        parts: list[Any] = [{"text": prompt_with(request, "negative_prompt", "strength")}]
        parts += [_inline(reference) for reference in wanted.pictures.references]
        config: dict[str, Any] = {
            "responseModalities": list(self.modalities),
            "imageConfig": self.image_config(wanted),
            "seed": wanted.seed % _SEEDS,
            "candidateCount": 1,
        }
        if request.temperature is not None:
            config["temperature"] = request.temperature
        body = {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}
        return self.ask("POST", self.path(wanted.model, "generateContent"), body)

    def image_config(self, wanted: ProviderRequest) -> dict[str, Any]:
        """Vertex has announced `responseFormat` in its place: then this is what changes."""
        width, height = wanted.request.width, wanted.request.height
        ratios = _RATIOS + (self.strips if wanted.model.startswith(_WITH_STRIPS) else ())
        ratio = nearest_ratio(width, height, ratios)
        if wanted.model.startswith(_ONE_SIZE):
            return {"aspectRatio": ratio}
        steps = (*(self.small if wanted.model.startswith(_WITH_SMALL) else ()), *_STEPS)
        size = step_for(*covering(width, height, ratio), steps)
        return {"aspectRatio": ratio, "imageSize": size}

    def started(self, data: Any) -> Started:
        images = tuple(
            picture(text(part, "inlineData", "data"))
            for candidate in entries(data, "candidates")
            for part in entries(candidate, "content", "parts")
            # Thoughts are sketches on the way to the image.
            if dig(part, "inlineData") is not None and dig(part, "thought") is not True
        )
        if images:
            # A retired model's name is answered by its successor.
            return Images(bodies=images, model=text(data, "modelVersion"))
        return _without_image(data)

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        details = entries(error.data, "error", "details")
        said = [text(detail, "reason") for detail in details]
        said.append(text(error.data, "error", "status"))
        word = next((word for word in said if word in _FAILURE_KINDS), "")
        if not word:
            return None
        delays = (seconds_of(text(detail, "retryDelay")) for detail in details)
        delay = next((seconds for seconds in delays if seconds is not None), None)
        return Failed(kind=_FAILURE_KINDS[word], reason=word, retry_after=delay)

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/models")


class Vertex(Gemini):
    base_url = "https://aiplatform.googleapis.com/v1"
    # Image alone is refused here by some of its models.
    modalities = ("TEXT", "IMAGE")
    # Its own description of the fields knows neither.
    strips = ()
    small = ()

    def __init__(self, account: Mapping[str, str]) -> None:
        super().__init__(account)
        self._project = account["project"] if account.get("token") else ""
        self._service: ServiceAccount | None = None
        # What was given for this provider alone goes before a file that many tools use.
        if account.get("service_account") and not (account.get("token") or account.get("key")):
            self._service = read_service_account(account["service_account"])
            self._project = account.get("project") or self._service.project
        # With a key alone there is no other.
        self._location = (self._project and account.get("location")) or "global"
        if not account.get("base_url"):
            self.base = f"https://{_host(self._location)}/v1"

    def headers(self) -> Mapping[str, str]:
        if self._service is not None:
            return {}  # but for the token, which the sender has
        token = self.account.get("token")
        return {"authorization": f"Bearer {token}"} if token else super().headers()

    def ask(self, method: str, path: str, body: Any = None) -> HttpRequest:
        return replace(super().ask(method, path, body), token_from=self._service)

    def path(self, model: str, verb: str) -> str:
        path = f"/publishers/google{super().path(model, verb)}"
        if not self._project:
            return path
        return f"/projects/{self._project}/locations/{self._location}{path}"

    def image_config(self, wanted: ProviderRequest) -> dict[str, Any]:
        # The format that loses nothing: the finishing makes what was asked for out of it.
        options = {"mimeType": "image/png"}
        return {**super().image_config(wanted), "imageOutputOptions": options}

    def check(self) -> HttpRequest | None:
        # Models cannot be listed with every kind of key; counting a word is free.
        body = {"contents": [{"role": "user", "parts": [{"text": "key"}]}]}
        return self.ask("POST", self.path("gemini-3-pro-image", "countTokens"), body)


def _host(location: str) -> str:
    if location == "global":
        return "aiplatform.googleapis.com"
    if location in {"us", "eu"}:
        return f"aiplatform.{location}.rep.googleapis.com"
    return f"{location}-aiplatform.googleapis.com"


def _inline(reference: bytes) -> dict[str, Any]:
    return {"inlineData": {"mimeType": media_type(reference), "data": base64_of(reference)}}


def _without_image(data: Any) -> Refused | Failed:
    blocked = text(data, "promptFeedback", "blockReason")
    if blocked and not blocked.endswith("_UNSPECIFIED"):
        return Refused(reason=code_of(blocked))
    end = text(data, "candidates", 0, "finishReason")
    if end in _MODERATION:
        return Refused(reason=end)
    if end in _FAILURE_KINDS:
        return Failed(kind=_FAILURE_KINDS[end], reason=end)
    # An answer in words, or none: the tokens of it are billed.
    return Failed(kind=FailureKind.UNKNOWN, reason=code_of(end) or "no_image")
