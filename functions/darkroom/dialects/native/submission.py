"""The body of a submit: checked field by field, then made complete."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from darkroom.dialects.wire import Desk
from darkroom.domain.errors import InvalidRequest, TooLarge
from darkroom.domain.image_request import MAX_SEED, Format, ImageRequest, Output

LARGEST_BODY = 256 * 1024
_LONG_SIDES = {"1K": 1024, "2K": 2048, "4K": 4096}
_DEFAULT_RATIO, _DEFAULT_RESOLUTION = "1:1", "1K"
# Sides are multiples of this: encoders and providers like them so.
_GRAIN = 8

# Part of the API's names already, but nothing behind them yet: refused, never ignored.
_LATER = (
    "references",
    "mask",
    "strength",
    "enhance_prompt",
    "collection",
    "caption",
    "webhook",
)

# The names of this API's own fields, dotted where they lie within another.
_NAME = re.compile(r"[a-z_]{1,32}(\.[a-z_]{1,32})?")

_Prompt = Annotated[str, StringConstraints(max_length=4000)]
_Count = Annotated[int, Field(ge=1, le=10)]
_Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
_Label = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Note = Annotated[str, StringConstraints(max_length=500)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class OutputBody(_Strict):
    format: Format = "webp"
    quality: Annotated[int, Field(ge=1, le=100)] = 85


class SubmitBody(_Strict):
    prompt: _Prompt
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
    output: OutputBody = OutputBody()
    dry_run: bool = False
    metadata: Annotated[dict[_Label, _Note], Field(max_length=16)] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    request: ImageRequest  # complete and explicit
    fingerprint: str  # of what was sent
    dry_run: bool


def read_submission(body: bytes, desk: Desk) -> Submission:
    sent = _parsed(body)
    for name in _LATER:
        if name in sent:
            raise InvalidRequest(name, "not_available", f"{name} is not available yet.")
    try:
        submit = SubmitBody.model_validate(sent)
    except ValidationError as error:
        _refuse(error)
    canonical = json.dumps(sent, sort_keys=True, separators=(",", ":"))
    return Submission(
        request=_completed(submit, desk),
        fingerprint=hashlib.sha256(canonical.encode()).hexdigest(),
        dry_run=submit.dry_run,
    )


def _parsed(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_BODY:
        raise TooLarge(LARGEST_BODY)
    sent = _json(body)
    if not isinstance(sent, dict):
        raise InvalidRequest("body", "wrong_type", "The body must be a JSON object.")
    return sent


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise InvalidRequest("body", "not_utf8", "The body must be UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidRequest("body", "not_json", f"The body must be JSON; see {where}.") from None
    except RecursionError:
        raise InvalidRequest("body", "too_deep", "The body is nested too deep.") from None
    except ValueError:
        raise InvalidRequest("body", "number_too_long", "A number is too long.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON leaves open which of two equal names counts; money should not hang on a guess."""
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _of_client(twice, "duplicate", "is given twice.")
    return read


def _of_client(name: str, reason: str, text: str) -> InvalidRequest:
    """About a name that the client chose: it may be anything, and codes should be stable."""
    field = name if _NAME.fullmatch(name) else "body"
    shown = name if field == name else "A name in the body"
    return InvalidRequest(field, reason, f"{shown} {text}")


def _completed(submit: SubmitBody, desk: Desk) -> ImageRequest:
    if not any(character.isprintable() and character != " " for character in submit.prompt):
        raise InvalidRequest("prompt", "empty", "prompt must say something.")
    model = desk.catalogue.model(submit.model or desk.catalogue.defaults["native"])
    width, height = _size(submit, model.ratios, model.resolutions)
    return ImageRequest(
        prompt=submit.prompt,
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
        metadata=submit.metadata,
    )


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


# pydantic's kinds of error in our words; its own texts are for developers of models.
_REASONS = {
    "missing": ("required", "is required."),
    "extra_forbidden": ("unknown_field", "is not a field of this request."),
    "string_too_long": ("too_long", "may have at most {max_length} characters."),
    "string_too_short": ("empty", "may not be empty."),
    "string_unicode": ("malformed", "is not valid Unicode."),
    "greater_than_equal": ("out_of_range", "must be at least {ge}."),
    "less_than_equal": ("out_of_range", "must be at most {le}."),
    "finite_number": ("out_of_range", "must be a finite number."),
    "literal_error": ("unknown", "must be one of {expected}."),
    "int_type": ("wrong_type", "must be a whole number."),
    "int_from_float": ("wrong_type", "must be a whole number."),
    "float_type": ("wrong_type", "must be a number."),
    "string_type": ("wrong_type", "must be a text."),
    "bool_type": ("wrong_type", "must be true or false."),
    "dict_type": ("wrong_type", "must be an object."),
    "model_type": ("wrong_type", "must be an object."),
    "too_long": ("too_many", "may have at most {max_length} entries."),
}
_WRONG_TYPE = ("wrong_type", "has the wrong type.")


def _refuse(error: ValidationError) -> NoReturn:
    first = error.errors(include_url=False, include_input=False)[0]
    # Names within metadata are the client's own.
    place = first["loc"][:1] if first["loc"][0] == "metadata" else first["loc"]
    field = ".".join(map(str, place))
    reason, text = _REASONS.get(first["type"], _WRONG_TYPE)
    facts = first.get("ctx", {})
    if "expected" in facts:
        facts["expected"] = facts["expected"].replace("'", "").replace(" or ", ", ")
    raise _of_client(field, reason, text.format(**facts)) from None
