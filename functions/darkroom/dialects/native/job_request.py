"""The body of `POST /v1/jobs`, and the job that it asks for."""

from __future__ import annotations

from typing import Annotated, Literal

from darkroom.dialects.bodies import Body, says_something
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Id, Limits, Schema, between, length
from darkroom.dialects.native.webhook_field import HookBody, read_hook
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.image_request import MAX_SEED, Format, ImageRequest, Output, Reference
from darkroom.domain.operations import CaptionSource, Offer, QuoteJob, SubmitJob

_LONG_SIDES = {"1K": 1024, "2K": 2048, "4K": 4096}
_DEFAULT_RATIO, _DEFAULT_RESOLUTION = "1:1", "1K"
# Sides are multiples of this: encoders and providers like them so.
_GRAIN = 8
# In all, names and values; a task token of Step Functions alone is 2,048.
_LONGEST_METADATA = 9000
_Label = Annotated[str, length(64, least=1)]


class OutputBody(Body):
    format: Format = "webp"
    quality: Annotated[int, between(1, 100)] = 85
    """Of the encoder, for jpeg and webp."""


class ReferenceBody(Body):
    """An image by its id or its address: one of the two."""

    media: Id | None = None
    """The id of an image in the library."""
    url: Annotated[str, Schema(format="uri")] | None = None
    """The address of an image: https, on the public web."""
    description: Annotated[str, length(500)] | None = None
    """What is in it, for models that read it."""


class CaptionBody(Body):
    id: Id
    """A job of captions."""
    post_type: _Label | None = None
    """Without it, all of its captions are considered."""


class Submit(Body):
    prompt: Annotated[str, length(4000)] | None = None
    """What the images show. Required by most models, unless there is a caption."""
    model: _Label | None = None
    aspect_ratio: str | None = None
    """The shape; not with width and height."""
    resolution: Literal["1K", "2K", "4K"] | None = None
    """The longer side: 1,024, 2,048 or 4,096 pixels."""
    width: int | None = None
    height: int | None = None
    n: Annotated[int, between(1, 10)] = 1
    """The number of images."""
    seed: Annotated[int, between(0, MAX_SEED)] | None = None
    """Of the first image; the next ones count on. Without it, one is drawn."""
    negative_prompt: Annotated[str, length(2000)] | None = None
    """What the images do not show."""
    steps: Annotated[int, between(1, 150)] | None = None
    guidance: Annotated[float, between(0, 30)] | None = None
    """How closely the prompt is followed."""
    temperature: Annotated[float, between(0, 2)] | None = None
    quality: str | None = None
    references: Annotated[list[ReferenceBody], Limits(max_length=14)] = []  # noqa: RUF012
    """Images that the new ones follow."""
    strength: Annotated[float, between(0, 1)] | None = None
    """How closely the first reference is followed."""
    mask: ReferenceBody | None = None
    """Which part of the first reference is made anew: the white one."""
    enhance_prompt: bool = False
    """A language model makes the prompt richer first."""
    caption: CaptionBody | None = None
    """Earlier captions that the images go with."""
    collection: Id | None = None
    """The collection whose description is added to the prompt, and which the images join."""
    output: OutputBody | None = None
    dry_run: bool = False
    """Only check the request and quote its price."""
    webhook: HookBody | None = None
    """Where the events of this job are sent."""
    metadata: Annotated[dict[_Label, Annotated[str, length(2048)]], Limits(max_length=16)] = {}  # noqa: RUF012
    """Yours: kept, and given back as it was. 9,000 characters in all."""


def requested_job(body: Submit, context: RequestContext) -> SubmitJob | QuoteJob:
    """Of a request by HTTP, or of a message to the intake."""
    request = _completed(body, context)
    caption = body.caption
    submit = SubmitJob(
        request=request,
        offer=Offer(name=request.model, price=context.catalogue.price(request)),
        caption=CaptionSource(job=caption.id, post_type=caption.post_type) if caption else None,
        collection=body.collection,
        webhook=read_hook(body.webhook, context) if body.webhook else None,
        **context.submission(),
    )
    return submit.quote() if body.dry_run else submit


def _completed(body: Submit, context: RequestContext) -> ImageRequest:
    model = context.catalogue.model(body.model or context.catalogue.defaults["native"])
    is_needed = body.caption is None and model.needs_prompt
    prompt = says_something("prompt", body.prompt) if is_needed else body.prompt or ""
    width, height = _size(body, model.ratios, model.resolutions)
    output = body.output or OutputBody()
    if sum(len(name) + len(value) for name, value in body.metadata.items()) > _LONGEST_METADATA:
        message = f"metadata may have {_LONGEST_METADATA:,} characters in all."
        raise InvalidRequest("metadata", "too_long", message)
    return ImageRequest(
        prompt=prompt,
        model=model.name,
        width=width,
        height=height,
        n=body.n,
        seed=context.fresh_seed if body.seed is None else body.seed,
        output=Output(format=output.format, quality=output.quality),
        negative_prompt=body.negative_prompt,
        steps=body.steps,
        guidance=body.guidance,
        temperature=body.temperature,
        quality=body.quality,
        references=tuple(
            _reference(f"references.{index}", reference, context)
            for index, reference in enumerate(body.references)
        ),
        strength=body.strength,
        mask=_reference("mask", body.mask, context) if body.mask else None,
        enhance=body.enhance_prompt,
        metadata=body.metadata,
    )


def _reference(field: str, body: ReferenceBody, context: RequestContext) -> Reference:
    if (body.media is None) == (body.url is None):
        raise InvalidRequest(field, "malformed", f"{field} takes either media or url.")
    url = context.web_address(f"{field}.url", body.url) if body.url is not None else None
    return Reference(media=body.media, url=url, description=body.description)


def _size(body: Submit, ratios: tuple[str, ...], resolutions: tuple[str, ...]) -> tuple[int, int]:
    if body.width is None and body.height is None:
        return _pixels(
            _one_of("aspect_ratio", body.aspect_ratio or _DEFAULT_RATIO, ratios),
            _one_of("resolution", body.resolution or _DEFAULT_RESOLUTION, resolutions),
        )
    for name in ("aspect_ratio", "resolution"):
        if getattr(body, name) is not None:
            raise InvalidRequest(name, "conflicts", f"Give {name}, or width and height, not both.")
    for side in ("width", "height"):
        if getattr(body, side) is None:
            raise InvalidRequest(side, "required", "width and height go together.")
    return body.width or 0, body.height or 0


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise InvalidRequest(field, "unknown", f"{field} must be one of {', '.join(allowed)}.")
    return value


def _pixels(ratio: str, resolution: str) -> tuple[int, int]:
    """The longer side is the resolution's; the shorter follows from the ratio."""
    across, down = map(int, ratio.split(":"))
    scale = _LONG_SIDES[resolution] / max(across, down)
    return round(across * scale / _GRAIN) * _GRAIN, round(down * scale / _GRAIN) * _GRAIN
