"""Replicate: every model behind one address, asynchronous, each with inputs of its own.

Addresses are built here rather than taken from a reply, so the token goes nowhere else.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from darkroom.domain.provider_callback import ProviderCallback
from darkroom.domain.webhook import signed_headers
from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.callbacks import signed_at
from darkroom.providers.files import black_mask, data_uri
from darkroom.providers.interface import (
    Failed,
    FailureKind,
    Handle,
    HttpRequest,
    Images,
    Pending,
    Polled,
    ProviderRequest,
    Refused,
    Started,
)
from darkroom.providers.replies import Unreadable, address, dig, needed, number, text
from darkroom.providers.sizing import fitted, nearest_ratio, step_for
from darkroom.providers.vendors.replicate_inputs import MODELS, Takes
from darkroom.providers.wording import prompt_with

# What all models with seeds take; some take more.
_SEEDS = 2**31
# Stops what no job waits for any more: none lives longer.
_LIFE = {"cancel-after": "15m"}
_TOO_MANY_REQUESTS = 429
_LONGEST_PATIENCE = 900.0
# Errors of predictions are sentences, with a code of the model's in some. Those of the filters:
# https://github.com/HeyPuter/puter/pull/3719
_FILTERED = re.compile(
    r"\bE005\b|flagged|sensitive|nsfw|moderat|content.{0,3}(policy|filter)|safety|prohibited",
    re.IGNORECASE,
)
_CODE = re.compile(r"\bE\d{3,4}\b")
_PATIENCE = re.compile(r"resets in ~?(\d{1,5})s")


class Replicate(JsonAdapter):
    base_url = "https://api.replicate.com/v1"

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        name, _, version = wanted.model.partition(":")
        body: dict[str, Any] = {"input": _input(wanted, MODELS.get(name, Takes()))}
        if wanted.callback:
            body |= {"webhook": wanted.callback, "webhook_events_filter": ["completed"]}
        # Models that Replicate does not look after itself are asked for by their version.
        path = "/predictions" if version else f"/models/{quote(name)}/predictions"
        if version:
            body["version"] = wanted.model
        request = self.ask("POST", path, body)
        return replace(request, headers={**request.headers, **_LIFE})

    def started(self, data: Any) -> Started:
        seen = self.polled(data)
        if not isinstance(seen, Pending):
            return seen
        name = needed(text(data, "id"))
        place = f"{self.base}/predictions/{quote(name, safe='')}"
        return Handle(id=name, poll=place, cancel=f"{place}/cancel", signs=True)

    def polled(self, data: Any) -> Polled:
        match needed(text(data, "status")):
            case "starting" | "processing":
                return Pending()
            case "succeeded":
                return _images(dig(data, "output"))
            case "failed":
                return _failed(text(data, "error"))
            case "canceled" | "aborted" as ended:
                return Failed(kind=FailureKind.UNKNOWN, reason=ended)
            case _:
                raise Unreadable("a status of its own")

    def cancel(self, handle: Handle) -> HttpRequest | None:
        return HttpRequest(method="POST", url=handle.cancel, headers=self.headers())

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/account")

    def signing_keys(self) -> HttpRequest:
        """The account's own: https://replicate.com/docs/topics/webhooks/verify-webhook"""
        return self.ask("GET", "/webhooks/default/secret")

    def has_signed(self, callback: ProviderCallback, keys: Any) -> bool:
        """By Standard Webhooks."""
        headers = callback.headers
        key = needed(text(keys, "key").removeprefix("whsec_"))
        secret = base64.b64decode(key, validate=True)
        at = signed_at(headers["webhook-timestamp"], callback)
        name = headers["webhook-id"]
        signed = signed_headers(name, at, callback.body, [secret])["webhook-signature"]
        is_genuine = any(
            hmac.compare_digest(signed.encode(), one.encode())
            for one in headers["webhook-signature"].split()
        )
        return is_genuine and text(json.loads(callback.body), "id") == callback.id

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        if error.status != _TOO_MANY_REQUESTS:
            return None
        seconds = number(error.data, "retry_after")
        said = _PATIENCE.search(text(error.data, "detail"))
        if seconds is None and said:
            seconds = float(said[1])
        if seconds is not None:
            seconds = min(max(seconds, 0.0), _LONGEST_PATIENCE)
        return Failed(kind=FailureKind.RATE_LIMITED, reason="throttled", retry_after=seconds)


def _images(output: Any) -> Images | Failed:
    """An address or a list of them, by the model; nothing once it has been deleted."""
    found = [output] if isinstance(output, str) else output
    if not isinstance(found, list) or not found:
        return Failed(kind=FailureKind.UNKNOWN, reason="no_images")
    return Images(urls=tuple(address(url) for url in found))


def _failed(said: str) -> Refused | Failed:
    code = _CODE.search(said)
    if _FILTERED.search(said):
        return Refused(reason=code[0] if code else "filtered")
    return Failed(kind=FailureKind.UNKNOWN, reason=code[0] if code else "failed")


def _input(wanted: ProviderRequest, takes: Takes) -> dict[str, Any]:
    request = wanted.request
    prompt = (
        prompt_with(request, "strength")
        if takes.has_negative
        else prompt_with(request, "negative_prompt", "strength")
    )
    fields: dict[str, Any] = {takes.prompt: prompt, **takes.always, **_size(wanted, takes)}
    if takes.has_seed:
        fields["seed"] = wanted.seed % _SEEDS
    if takes.has_negative and request.negative_prompt:
        fields["negative_prompt"] = request.negative_prompt
    if takes.has_quality and request.quality is not None:
        fields["quality"] = request.quality
    name, most = takes.steps
    if name and request.steps is not None:
        fields[name] = min(max(request.steps, 1), most)
    if takes.guidance and request.guidance is not None:
        least, highest = takes.guidance
        fields["guidance"] = min(max(request.guidance, least), highest)
    return fields | _pictures(wanted, takes)


def _size(wanted: ProviderRequest, takes: Takes) -> dict[str, Any]:
    width, height = wanted.request.width, wanted.request.height
    if takes.exact:
        across, down = fitted(width, height, **takes.exact)
        return {**takes.exact_by, "width": across, "height": down}
    size: dict[str, Any] = {}
    if takes.ratios:
        size["aspect_ratio"] = nearest_ratio(width, height, takes.ratios)
    if takes.steps_of_size:
        size[takes.size] = step_for(width, height, takes.steps_of_size)
    return size


def _pictures(wanted: ProviderRequest, takes: Takes) -> dict[str, Any]:
    references, mask = wanted.pictures.references, wanted.pictures.mask
    fields: dict[str, Any] = {}
    if takes.has_mask and mask is not None and references:
        first, *others = references
        fields = {"image": data_uri(first), "mask": data_uri(black_mask(mask, first))}
        references = tuple(others)
    if takes.references and references:
        uris = [data_uri(reference) for reference in references[: takes.most_references]]
        fields[takes.references] = uris[0] if takes.one_reference else uris
    return fields
