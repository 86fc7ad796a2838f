"""fal's queue: https://fal.ai/docs/documentation/model-apis/inference/queue

An image is looked after at its result address alone: that one says "not yet" as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import quote

from darkroom.domain.image_request import ImageRequest
from darkroom.domain.provider_callback import ProviderCallback
from darkroom.domain.worker_ports import Pictures
from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.callbacks import is_signed_by_ed25519, signed_at
from darkroom.providers.files import data_uri
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    Handle,
    HttpReply,
    HttpRequest,
    Images,
    Pending,
    Polled,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import (
    Unreadable,
    address,
    code_of,
    dig,
    entries,
    is_success,
    needed,
    read_json,
    same_site,
    text,
)
from darkroom.providers.vendors.fal_endpoints import ENDPOINTS, WITH_MASK, WITH_PICTURES, Endpoint
from darkroom.providers.wording import prompt_with

# Prices and accounts live on another host than the queue.
_PLATFORM = "https://api.fal.ai"
_KEYS = "https://rest.fal.ai"
# What a callback's signature is over, before the hash of its body.
_SIGNED = ("request-id", "user-id", "timestamp")
_WAITING = {"IN_QUEUE", "IN_PROGRESS"}
_PACE = 2
# fal would keep the pictures on a public address for good.
_LIFECYCLE = json.dumps({"expiration_duration_seconds": 24 * 3600})
# What all of the models behind it take.
_SEEDS = 2**31


class Fal(JsonAdapter):
    base_url = "https://queue.fal.run"

    def headers(self) -> Mapping[str, str]:
        return {"authorization": f"Key {self.account['key']}"}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        path = _path(wanted)
        body = _input(ENDPOINTS.get(path, Endpoint()), wanted)
        query = f"?fal_webhook={quote(wanted.callback, safe='')}" if wanted.callback else ""
        request = self.ask("POST", f"/{path}{query}", body)
        headers = {**request.headers, "x-fal-object-lifecycle-preference": _LIFECYCLE}
        return replace(request, headers=headers)

    def started(self, data: Any) -> Started:
        cancel = text(data, "cancel_url")
        return Handle(
            id=needed(text(data, "request_id")),
            poll=self._own(text(data, "status_url")),
            cancel=cancel if same_site(cancel, self.base) else "",
            pace=_PACE,
            signs=True,
        )

    def _own(self, url: str) -> str:
        if not same_site(address(url), self.base):
            raise Unreadable("the key goes to the provider's own hosts only")
        return url

    def polled(self, data: Any) -> Polled:
        status = text(data, "status")
        if status in _WAITING:
            return Pending()
        if status == "COMPLETED":
            # Which may be a failure: its result says so, with a status of its own.
            result = self._own(text(data, "response_url"))
            return Handle(id=needed(text(data, "request_id")), poll=result)
        # The checker blackens what it finds, and calls it a success.
        if dig(data, "has_nsfw_concepts", 0) is True:
            return Refused(reason="has_nsfw_concepts")
        if dig(data, "images") == []:
            return Failed(kind=FailureKind.UNKNOWN, reason="no_images")
        # Scissors have but one.
        found = entries(data, "images") or [dig(data, "image")]
        return Images(urls=tuple(address(text(entry, "url")) for entry in found))

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        said = entries(error.data, "detail")
        if said:
            return _of_model(code_of(text(said, 0, "type")) or "error", error.status)
        # There is no code for it: a key without rights has the same status.
        if error.status == 403 and "balance" in text(error.data, "detail").lower():  # noqa: PLR2004
            return Failed(kind=FailureKind.NO_FUNDS, reason="exhausted_balance")
        return None

    def read_poll(self, reply: HttpReply) -> Polled:
        """Whatever the model answered comes under its own status; so do the queue's own words,
        which differ from it by their shape: https://fal.ai/docs/documentation/model-apis/errors
        """
        said = super().read_poll(reply)
        if is_success(reply) or isinstance(said, Refused):
            return said
        try:
            data = read_json(reply)
        except Unreadable:
            data = None
        kind = code_of(text(data, "error_type"))
        if kind:  # fal has tried it as often as it does, and has given up
            return Failed(kind=FailureKind.UNKNOWN, reason=kind)
        if entries(data, "detail"):
            return self._error(reply)  # the model's own words, under a status of its choice
        return said

    def cancel(self, handle: Handle) -> HttpRequest | None:
        if not handle.cancel:
            return None
        return HttpRequest(method="PUT", url=handle.cancel, headers=self.headers())

    def signing_keys(self) -> HttpRequest:
        """Published for everybody: https://fal.ai/docs/documentation/model-apis/inference/webhooks"""
        base = (self.account.get("base_url") or _KEYS).rstrip("/")
        return HttpRequest(method="GET", url=f"{base}/.well-known/jwks.json")

    def has_signed(self, callback: ProviderCallback, keys: Any) -> bool:
        said = {name: callback.headers[f"x-fal-webhook-{name}"] for name in _SIGNED}
        signed_at(said["timestamp"], callback)
        message = "\n".join([*said.values(), callback.digest]).encode()
        signature = bytes.fromhex(callback.headers["x-fal-webhook-signature"])
        is_genuine = any(
            is_signed_by_ed25519(text(key, "x"), signature, message)
            for key in entries(keys, "keys")
            if text(key, "crv") == "Ed25519"
        )
        return is_genuine and said["request-id"] == callback.id

    def check(self) -> HttpRequest | None:
        """What an image costs: shown to any valid key."""
        platform = (self.account.get("base_url") or _PLATFORM).rstrip("/")
        url = f"{platform}/v1/models/pricing?endpoint_id=fal-ai%2Fflux%2Fschnell"
        return HttpRequest(method="GET", url=url, headers=self.headers())


def _of_model(kind: str, status: int) -> Refused | Failed:
    """https://fal.ai/docs/documentation/model-apis/errors"""
    if kind == "content_policy_violation":
        return Refused(reason=kind)
    has_run = kind == "no_media_generated" or status >= 500  # noqa: PLR2004
    return Failed(kind=FailureKind.UNKNOWN if has_run else FailureKind.INVALID, reason=kind)


def _path(wanted: ProviderRequest) -> str:
    """A model has an endpoint of its own for each of its tasks."""
    if wanted.pictures.mask is not None and wanted.model in WITH_MASK:
        return WITH_MASK[wanted.model]
    if wanted.pictures.references:
        return WITH_PICTURES.get(wanted.model, wanted.model)
    return wanted.model


def _input(endpoint: Endpoint, wanted: ProviderRequest) -> dict[str, Any]:
    request = wanted.request
    body = {**endpoint.always, **endpoint.size(request.width, request.height)}
    if endpoint.prompt:
        body["prompt"] = _prompt(endpoint, request)
    if endpoint.seed:
        body["seed"] = wanted.seed % _SEEDS
    return {**body, **_options(endpoint, request), **_files(endpoint, wanted.pictures)}


def _prompt(endpoint: Endpoint, request: ImageRequest) -> str:
    worded: list[Literal["negative_prompt", "strength"]] = []
    if not endpoint.negative_prompt:
        worded.append("negative_prompt")
    if endpoint.strength is None:
        worded.append("strength")
    return prompt_with(request, *worded)


def _options(endpoint: Endpoint, request: ImageRequest) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if endpoint.negative_prompt and request.negative_prompt:
        fields["negative_prompt"] = request.negative_prompt
    if endpoint.quality and request.quality is not None:
        fields["quality"] = request.quality
    if endpoint.steps is not None and request.steps is not None:
        fewest, most = endpoint.steps
        fields["num_inference_steps"] = min(max(request.steps, fewest), most)
    if endpoint.guidance is not None and request.guidance is not None:
        least, greatest = endpoint.guidance
        fields["guidance_scale"] = min(max(request.guidance, least), greatest)
    if endpoint.strength is not None and request.strength is not None:
        wanted = request.strength if endpoint.strength == "closer" else 1 - request.strength
        fields["strength"] = max(round(wanted, 4), 0.01)
    return fields


def _files(endpoint: Endpoint, pictures: Pictures) -> dict[str, Any]:
    if not endpoint.pictures or not pictures.references:
        return {}
    fields: dict[str, Any] = {}
    first, *others = [data_uri(picture) for picture in pictures.references]
    if endpoint.pictures == "image_urls":
        fields["image_urls"] = [first, *others]
    else:
        fields["image_url"] = first
        if endpoint.more_pictures and others:
            fields[endpoint.more_pictures] = others
    if endpoint.mask and pictures.mask is not None:
        fields[endpoint.mask] = data_uri(endpoint.mask_of(pictures.mask, pictures.references[0]))
    return fields
