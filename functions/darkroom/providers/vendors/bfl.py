"""Black Forest Labs: https://docs.bfl.ai

Their models differ in the names of a few fields; the table at the end says how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import quote

from darkroom.domain.image_request import ImageRequest
from darkroom.domain.worker_ports import Pictures
from darkroom.providers.adapter import ErrorReply, JsonAdapter
from darkroom.providers.files import base64_of, enlarged, white_mask
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
from darkroom.providers.replies import Unreadable, address, code_of, needed, number, same_site, text
from darkroom.providers.sizing import Size, fitted, nearest_ratio, step_for
from darkroom.providers.wording import prompt_with

_MODERATED = {"Request Moderated", "Content Moderated"}
_NOT_FOUND = "Task not found"
_USD_OF_A_CREDIT = 0.01
_PACE = 1
_RATIOS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16", "9:21")
_RATIOS_3 = (*_RATIOS, "2:1", "1:2", "7:5", "5:7")
# There is a 4k, at thirteen times the price of 1k.
_STEPS_3 = (("768sq", 768), ("1k", 1024), ("1.5k", 1536), ("2k", 2048))
_LEAST_SIDE_3 = 256
_PNG = {"output_format": "png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What one takes. None or empty: it has no such field."""

    size: Callable[[int, int], Size] | None = None
    ratios: tuple[str, ...] = ()
    resolutions: tuple[tuple[str, int], ...] = ()
    # The first picture's field; where there may be more, they are numbered from 2, or a list.
    picture: str = ""
    pictures: int = 1
    listed: bool = False
    mask: bool = False
    strength: str = ""
    steps: tuple[int, int] | None = None
    guidance: tuple[float, float] | None = None
    rewrites: bool = True  # the prompt, unless the request says not to
    seed: bool = True
    calls_back: bool = True
    always: Mapping[str, Any] = field(default_factory=lambda: _PNG)


class Bfl(JsonAdapter):
    base_url = "https://api.bfl.ai"

    def headers(self) -> Mapping[str, str]:
        return {"x-key": self.account["key"]}

    def start(self, wanted: ProviderRequest) -> HttpRequest:
        model = _MODELS.get(wanted.model, _FLUX_2)
        body: dict[str, Any] = {
            "prompt": _prompt(model, wanted.request),
            **model.always,
            **_options(model, wanted.request),
            **_files(model, wanted.pictures),
        }
        if model.seed:
            body["seed"] = wanted.seed
        if model.calls_back and wanted.callback:
            body["webhook_url"] = wanted.callback
        return self.ask("POST", f"/v1/{quote(wanted.model)}", body)

    def started(self, data: Any) -> Started:
        task = needed(text(data, "id"))
        # With a webhook they give no address to look at.
        poll = text(data, "polling_url") or f"{self.base}/v1/get_result?id={quote(task, safe='')}"
        if not same_site(address(poll), self.base):
            raise Unreadable("the key goes to the provider's own hosts only")
        credits_ = number(data, "cost")
        usd = None if credits_ is None else round(credits_ * _USD_OF_A_CREDIT, 6)
        return Handle(id=task, poll=poll, pace=_PACE, usd=usd)

    def polled(self, data: Any) -> Polled:
        status = needed(text(data, "status"))
        if status == "Pending":
            return Pending()
        if status in _MODERATED:
            return Refused(reason=code_of(status))
        if status == _NOT_FOUND:  # said of new ones too, before all of their places know them
            return Failed(kind=FailureKind.TRANSIENT, reason=code_of(status))
        if status != "Ready":
            return Failed(kind=FailureKind.UNKNOWN, reason=code_of(status))
        sample = text(data, "result", "sample")
        if not sample:
            return Failed(kind=FailureKind.UNKNOWN, reason="no_images")
        return Images(urls=(address(sample),))

    def read_error(self, error: ErrorReply) -> Refused | Failed | None:
        status = text(error.data, "status")
        return Refused(reason=code_of(status)) if status in _MODERATED else None

    def read_poll(self, reply: HttpReply) -> Polled:
        if reply.status == 404:  # noqa: PLR2004 - not known yet, right after the start
            return Failed(kind=FailureKind.TRANSIENT, reason="task_unknown")
        return super().read_poll(reply)

    def check(self) -> HttpRequest | None:
        return self.ask("GET", "/v1/credits")


def _prompt(model: Model, request: ImageRequest) -> str:
    if model.strength:
        return prompt_with(request, "negative_prompt")
    return prompt_with(request, "negative_prompt", "strength")


def _options(model: Model, request: ImageRequest) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if model.size is not None:
        fields["width"], fields["height"] = model.size(request.width, request.height)
    if model.ratios:
        fields["aspect_ratio"] = nearest_ratio(request.width, request.height, model.ratios)
    if model.resolutions:
        fields["resolution"] = step_for(request.width, request.height, model.resolutions)
    if model.rewrites:
        fields["prompt_upsampling"] = False
    if model.steps is not None and request.steps is not None:
        fewest, most = model.steps
        fields["steps"] = min(max(request.steps, fewest), most)
    if model.guidance is not None and request.guidance is not None:
        least, greatest = model.guidance
        fields["guidance"] = min(max(request.guidance, least), greatest)
    if model.strength and request.strength is not None and request.references:
        fields[model.strength] = request.strength
    return fields


def _files(model: Model, pictures: Pictures) -> dict[str, Any]:
    if not model.picture or not pictures.references:
        return {}
    if model.listed:
        large = (enlarged(picture, _LEAST_SIDE_3) for picture in pictures.references)
        return {model.picture: [base64_of(picture) for picture in large]}
    # More than it takes are sent all the same: it is for them to say no.
    sent = pictures.references if model.pictures > 1 else pictures.references[:1]
    names = [model.picture, *(f"{model.picture}_{place}" for place in range(2, len(sent) + 1))]
    fields = {name: base64_of(picture) for name, picture in zip(names, sent, strict=True)}
    if model.mask and pictures.mask is not None:
        fields["mask"] = base64_of(white_mask(pictures.mask, sent[0]))
    return fields


_FLUX_2 = Model(
    # Smaller ones than 256 are allowed, and are no pictures; what is asked for costs the same.
    size=partial(fitted, multiple=16, least_side=256, most_pixels=2048 * 2048),
    picture="input_image",
    pictures=8,
    rewrites=False,
)
_KLEIN = replace(_FLUX_2, pictures=4)
_FLUX_1 = Model(
    size=partial(fitted, multiple=32, least_side=256, most_side=1440), picture="image_prompt"
)
_KONTEXT = Model(ratios=_RATIOS, picture="input_image", pictures=4)
_FLUX_3 = Model(
    ratios=_RATIOS_3,
    resolutions=_STEPS_3,
    picture="images",
    pictures=10,
    listed=True,
    rewrites=False,
    # What its page does not name may be refused, and there is neither a seed nor a webhook there.
    seed=False,
    calls_back=False,
    always={"grounding": False},  # or it looks around in the web first
)

_MODELS: Mapping[str, Model] = {
    "flux-3-image": _FLUX_3,
    "flux-2-max": _FLUX_2,
    "flux-2-pro": _FLUX_2,
    "flux-2-pro-preview": _FLUX_2,
    "flux-2-flex": replace(_FLUX_2, steps=(1, 50), guidance=(1.5, 10), rewrites=True),
    "flux-2-klein-9b": _KLEIN,
    "flux-2-klein-9b-preview": _KLEIN,
    "flux-2-klein-4b": _KLEIN,
    "flux-pro-1.1": _FLUX_1,
    "flux-pro-1.1-ultra": Model(
        ratios=_RATIOS, picture="image_prompt", strength="image_prompt_strength"
    ),
    "flux-dev": replace(_FLUX_1, steps=(1, 50), guidance=(1.5, 5)),
    "flux-kontext-pro": _KONTEXT,
    "flux-kontext-max": _KONTEXT,
    "flux-pro-1.0-fill": Model(picture="image", mask=True, steps=(15, 50), guidance=(1.5, 100)),
}
