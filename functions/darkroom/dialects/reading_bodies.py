"""JSON bodies, read strictly with pydantic: the same errors whatever a dialect calls its fields."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn, TypeVar, cast

from pydantic import BaseModel, ValidationError

from darkroom.dialects.bodies import Body, model_of
from darkroom.dialects.wire import PLAIN_NAME, Ignored
from darkroom.domain.errors import InvalidRequest, TooLarge

LARGEST_BODY = 256 * 1024
Sent = TypeVar("Sent", bound=Body)


def read_body(kind: type[Sent], body: bytes, ignored: Ignored | None = None) -> tuple[Sent, str]:
    """The body as one of this kind, and its fingerprint: of what was sent, however it was written.

    Unknown fields are refused, or, where `ignored` is given, named there and left out of both.
    """
    model = model_of(kind)
    # Many clients send null for what they leave open, and some every number as a float.
    sent = {name: _whole(value) for name, value in parsed(body).items() if value is not None}
    try:
        read = model.model_validate(sent)
    except ValidationError as error:
        if ignored is None or not _leave_out(sent, error, ignored):
            _refuse(error)
        read = _validated(model, sent)
    return cast(Sent, read), fingerprint(sent)


def _leave_out(sent: Any, error: ValidationError, ignored: Ignored) -> bool:
    """Whether there were unknown fields, which `sent` then has no more."""
    unknown = [
        found["loc"]
        for found in error.errors(include_url=False, include_input=False, include_context=False)
        if found["type"] == "extra_forbidden"
    ]
    for *way, name in unknown:
        place = sent
        for step in way:
            place = place[step]
        del place[name]
        ignored.add(".".join(map(str, (*way, name))))
    return bool(unknown)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def fingerprint(sent: dict[str, Any]) -> str:
    canonical = json.dumps(sent, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def validated(kind: type[Sent], sent: dict[str, Any]) -> Sent:
    return cast(Sent, _validated(model_of(kind), sent))


def _validated(model: type[BaseModel], sent: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        _refuse(error)


def parsed(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_BODY:
        raise TooLarge(LARGEST_BODY)
    sent = _json(body)
    if not isinstance(sent, dict):
        raise InvalidRequest("body", "wrong_type", "The body must be a JSON object.")
    return sent


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object)
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
        raise _of_client((twice,), "duplicate", "is given twice.")
    return read


def _of_client(place: tuple[str, ...], reason: str, text: str) -> InvalidRequest:
    """About a field by its path. Some of its names may be the client's own, and anything: then the
    error is about the one that they lie in.
    """
    field = ".".join(place)
    if PLAIN_NAME.fullmatch(field):
        return InvalidRequest(field, reason, f"{field} {text}")
    within = place[0] if len(place) > 1 and PLAIN_NAME.fullmatch(place[0]) else "body"
    where = "the body" if within == "body" else within
    return InvalidRequest(within, reason, f"Something in {where} {text}")


# pydantic's kinds of error in our words; its own texts are for developers of models.
_REASONS = {
    "missing": ("required", "is required."),
    "extra_forbidden": ("unknown_field", "is not a field of this request."),
    "string_too_long": ("too_long", "may have at most {max_length} characters."),
    "string_too_short": ("empty", "may not be empty."),
    "string_pattern_mismatch": ("malformed", "is not one that we gave out."),
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
    "list_type": ("wrong_type", "must be a list."),
    "tuple_type": ("wrong_type", "must be a list."),
    "too_long": ("too_many", "may have at most {max_length} entries."),
    "too_short": ("too_few", "must have at least {min_length} entries."),
}
_WRONG_TYPE = ("wrong_type", "has the wrong type.")


def _refuse(error: ValidationError) -> NoReturn:
    first = error.errors(include_url=False, include_input=False)[0]
    # A name that is no Unicode has no place at all.
    place = tuple(map(str, first["loc"])) or ("body",)
    reason, text = _REASONS.get(first["type"], _WRONG_TYPE)
    facts = first.get("ctx", {})
    if "expected" in facts:
        facts["expected"] = facts["expected"].replace("'", "").replace(" or ", ", ")
    raise _of_client(place, reason, text.format(**facts)) from None
