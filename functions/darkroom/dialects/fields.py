"""The types of fields: of request bodies, which are checked, and of answers, which are described.

Nothing here loads pydantic, which a function that only reads never needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

UUID_PATTERN = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Limits:
    """What a field of a request body may hold, in the words of pydantic's core."""

    def __init__(self, **limits: Any) -> None:
        self.limits = limits

    def __get_pydantic_core_schema__(
        self, source: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        return {**handler(source), **self.limits}


class Schema:
    """What the description of a field says beside its type, in the words of JSON Schema."""

    def __init__(self, **words: Any) -> None:
        self.words = words

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        return {**handler(core_schema), **self.words}


def length(most: int, least: int = 0) -> Limits:
    return Limits(min_length=least, max_length=most) if least else Limits(max_length=most)


def between(least: float, most: float) -> Limits:
    return Limits(ge=least, le=most)


# Of answers.
Uuid = Annotated[str, Schema(format="uuid")]
Time = Annotated[str, Schema(format="date-time")]
Url = Annotated[str, Schema(format="uri")]
FileUrl = Annotated[
    str,
    Schema(
        format="uri",
        description="Works for 7 days without a key, and redirects to the bytes.",
    ),
]
Count = Annotated[int, Schema(minimum=0)]
Pixels = Annotated[int, Schema(minimum=1, description="Pixels.")]
# No const: generators of clients stumble over one that is no text.
AlwaysTrue = Annotated[bool, Schema(description="Always true.")]
AlwaysFalse = Annotated[bool, Schema(description="Always false.")]
OwnJson = Annotated[dict[str, Any], Schema(description="Yours: kept, and given back as it was.")]
# Of requests.
File = Annotated[str, Schema(format="binary")]
Id = Annotated[str, Limits(pattern=UUID_PATTERN)]
AnyInteger = Annotated[int, Limits(ge=-(2**63), lt=2**63)]


def one_of(choices: Iterable[str]) -> Schema:
    """For the description; the dialect checks it, with the model's own choices."""
    return Schema(enum=list(choices))


def given(**fields: Any) -> Any:
    """Those that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
