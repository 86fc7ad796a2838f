"""The body of a submit: checked field by field, then made complete."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from darkroom.dialects.bodies import UUID, Strict, read_body, says_something
from darkroom.dialects.native.hook_body import HookBody, read_hook
from darkroom.dialects.reading import web_address
from darkroom.dialects.wire import Desk
from darkroom.domain.errors import InvalidRequest
from darkroom.domain.image_request import MAX_SEED, Format, ImageRequest, Output, Reference
from darkroom.domain.operations import CaptionSource, Offer, SubmitJob

_LONG_SIDES = {"1K": 1024, "2K": 2048, "4K": 4096}
_DEFAULT_RATIO, _DEFAULT_RESOLUTION = "1:1", "1K"
# Sides are multiples of this: encoders and providers like them so.
_GRAIN = 8
_MOST_REFERENCES = 14

_Prompt = Annotated[str, StringConstraints(max_length=4000)]
_Count = Annotated[int, Field(ge=1, le=10)]
_Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
_Label = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Id = Annotated[str, StringConstraints(pattern=UUID)]
# In all, names and values; a task token of Step Functions alone is 2,048.
_ALL_NOTES = 9000
_Note = Annotated[str, StringConstraints(max_length=2048)]


class OutputBody(Strict):
    format: Format = "webp"
    quality: Annotated[int, Field(ge=1, le=100)] = 85


class ReferenceBody(Strict):
    media: _Id | None = None
    url: str | None = None
    description: Annotated[str, StringConstraints(max_length=500)] | None = None


_References = Annotated[
    list[ReferenceBody], Field(max_length=_MOST_REFERENCES, default_factory=list)
]


class CaptionBody(Strict):
    id: _Id
    post_type: _Label | None = None


class SubmitBody(Strict):
    prompt: _Prompt | None = None
    model: _Label | None = None
    aspect_ratio: str | None = None
    resolution: Literal["1K", "2K", "4K"] | None = None
    width: int | None = None
    height: int | None = None
    n: _Count = 1
    seed: _Seed | None = None
    negative_prompt: Annotated[str, StringConstraints(max_length=2000)] | None = None
    steps: Annotated[int, Field(ge=1, le=150)] | None = None
    guidance: Annotated[float, Field(ge=0, le=30)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    quality: str | None = None
    references: _References
    strength: Annotated[float, Field(ge=0, le=1)] | None = None
    mask: ReferenceBody | None = None
    enhance_prompt: bool = False
    caption: CaptionBody | None = None
    collection: _Id | None = None
    output: OutputBody = OutputBody()
    dry_run: bool = False
    webhook: HookBody | None = None
    metadata: Annotated[dict[_Label, _Note], Field(max_length=16, default_factory=dict)]


def read_submission(
    body: bytes, desk: Desk, *, wait: float, idempotency_key: str | None
) -> SubmitJob:
    submit, fingerprint = read_body(SubmitBody, body)
    request = _completed(submit, desk)
    return SubmitJob(
        dialect="native",
        request=request,
        offer=Offer(name=request.model, price=desk.catalogue.price(request)),
        caption=CaptionSource(job=submit.caption.id, post_type=submit.caption.post_type)
        if submit.caption
        else None,
        collection=submit.collection,
        webhook=read_hook(submit.webhook, desk) if submit.webhook else None,
        fingerprint=fingerprint,
        dry_run=submit.dry_run,
        wait=wait,
        idempotency_key=idempotency_key,
    )


def _completed(submit: SubmitBody, desk: Desk) -> ImageRequest:
    model = desk.catalogue.model(submit.model or desk.catalogue.defaults["native"])
    is_needed = submit.caption is None and model.needs_prompt
    prompt = says_something("prompt", submit.prompt) if is_needed else submit.prompt or ""
    width, height = _size(submit, model.ratios, model.resolutions)
    if sum(len(name) + len(text) for name, text in submit.metadata.items()) > _ALL_NOTES:
        text = f"metadata may have {_ALL_NOTES:,} characters in all."
        raise InvalidRequest("metadata", "too_long", text)
    return ImageRequest(
        prompt=prompt,
        model=model.name,
        width=width,
        height=height,
        n=submit.n,
        seed=desk.fresh_seed if submit.seed is None else submit.seed,
        output=Output(format=submit.output.format, quality=submit.output.quality),
        negative_prompt=submit.negative_prompt,
        steps=submit.steps,
        guidance=submit.guidance,
        temperature=submit.temperature,
        quality=submit.quality,
        references=tuple(
            _reference(f"references.{index}", reference, desk)
            for index, reference in enumerate(submit.references)
        ),
        strength=submit.strength,
        mask=_reference("mask", submit.mask, desk) if submit.mask else None,
        enhance=submit.enhance_prompt,
        metadata=submit.metadata,
    )


def _reference(field: str, given: ReferenceBody, desk: Desk) -> Reference:
    if (given.media is None) == (given.url is None):
        raise InvalidRequest(field, "malformed", f"{field} takes either media or url.")
    url = web_address(f"{field}.url", given.url, desk) if given.url is not None else None
    return Reference(media=given.media, url=url, description=given.description)


def _size(
    submit: SubmitBody, ratios: tuple[str, ...], resolutions: tuple[str, ...]
) -> tuple[int, int]:
    if submit.width is None and submit.height is None:
        return _pixels(
            _one_of("aspect_ratio", submit.aspect_ratio or _DEFAULT_RATIO, ratios),
            _one_of("resolution", submit.resolution or _DEFAULT_RESOLUTION, resolutions),
        )
    for name in ("aspect_ratio", "resolution"):
        if getattr(submit, name) is not None:
            raise InvalidRequest(name, "conflicts", f"Give {name}, or width and height, not both.")
    for side in ("width", "height"):
        if getattr(submit, side) is None:
            raise InvalidRequest(side, "required", "width and height go together.")
    return submit.width or 0, submit.height or 0


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise InvalidRequest(field, "unknown", f"{field} must be one of {', '.join(allowed)}.")
    return value


def _pixels(ratio: str, resolution: str) -> tuple[int, int]:
    """The longer side is the resolution's; the shorter follows from the ratio."""
    across, down = map(int, ratio.split(":"))
    long_side = _LONG_SIDES[resolution]
    scale = long_side / max(across, down)
    return _grained(across * scale), _grained(down * scale)


def _grained(side: float) -> int:
    return round(side / _GRAIN) * _GRAIN
