"""Request bodies: what they may hold, declared without loading what checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from darkroom.domain.collection import LARGEST_NOTES, size_of
from darkroom.domain.errors import InvalidRequest

if TYPE_CHECKING:
    from pydantic import BaseModel


_NOT_OF_A_MODEL = {"__dict__", "__weakref__"}


class Body:
    """A JSON object, strictly: every field as its annotation says, no other fields.

    A dialect declares its bodies as subclasses with annotations and defaults. The pydantic model of
    one is made when the first request of its kind comes, because most cold starts of the status
    function are for a read.
    """

    if TYPE_CHECKING:
        model_fields_set: set[str]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return handler.generate_schema(model_of(cls))


_MODELS: dict[type[Body], type[BaseModel]] = {}


def model_of(body: type[Body]) -> type[BaseModel]:
    """The pydantic model of a body, made once."""
    if body not in _MODELS:
        from pydantic import BaseModel, ConfigDict  # noqa: PLC0415

        own = {name: value for name, value in vars(body).items() if name not in _NOT_OF_A_MODEL}
        own["model_config"] = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
        # A body that is derived from another has the fields of both.
        derived = [model_of(base) for base in body.__bases__ if base is not Body]
        kind: Any = type(BaseModel)
        _MODELS[body] = kind(body.__name__, tuple(derived) or (BaseModel,), own)
    return _MODELS[body]


def says_something(field: str, text: str | None) -> str:
    if text is None:
        raise InvalidRequest(field, "required", f"{field} is required.")
    if not any(character.isprintable() and character != " " for character in text):
        raise InvalidRequest(field, "empty", f"{field} must say something.")
    return text


def notes(field: str, given: dict[str, Any]) -> dict[str, Any]:
    """The owner's own JSON, which is kept and given back."""
    try:
        size = size_of(given)
    except (ValueError, RecursionError):
        text = f"{field} must be plain JSON: finite numbers, valid Unicode, not nested too deep."
        raise InvalidRequest(field, "malformed", text) from None
    if size > LARGEST_NOTES:
        text = f"{field} may have {LARGEST_NOTES:,} bytes in all."
        raise InvalidRequest(field, "too_long", text)
    return given
