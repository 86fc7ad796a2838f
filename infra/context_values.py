"""The context as it was given: text that becomes values, or is refused by the name of its key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from infra.errors import SynthesisError


class OptionError(SynthesisError):
    """A context key has a value that cannot be meant."""

    def __init__(self, key: str, wanted: str, given: object) -> None:
        super().__init__(f"context key {key}: wanted {wanted}, got {given!r}")


class ContextValues:
    """An absent key and an empty one are the same: the default."""

    def __init__(self, context: Mapping[str, object]) -> None:
        self._context = context

    def text(self, key: str, pattern: re.Pattern[str], wanted: str) -> str | None:
        value = str(self._context.get(key, ""))
        if value and not pattern.fullmatch(value):
            raise OptionError(key, wanted, value)
        return value or None

    def required(self, key: str, pattern: re.Pattern[str], wanted: str) -> str:
        value = self.text(key, pattern, wanted)
        if value is None:
            raise OptionError(key, wanted, "")
        return value

    def texts(self, key: str, pattern: re.Pattern[str], wanted: str) -> tuple[str, ...]:
        values = str(self._context.get(key, ""))
        parts = tuple(part.strip() for part in values.split(",") if part.strip())
        if not all(pattern.fullmatch(part) for part in parts):
            raise OptionError(key, wanted, values)
        return parts

    def number(self, key: str, default: int, allowed: Sequence[int]) -> int:
        value = str(self._context.get(key, "")) or str(default)
        if not value.isdecimal() or int(value) not in allowed:
            raise OptionError(key, _in_words(allowed), value)
        return int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        words = {"1": True, "true": True, "0": False, "false": False, "": default}
        value = str(self._context.get(key, "")).lower()
        if value not in words:
            raise OptionError(key, "1 or 0", value)
        return words[value]

    def choice(self, key: str, default: str, choices: Sequence[str]) -> str:
        value = str(self._context.get(key, "")) or default
        if value not in choices:
            raise OptionError(key, f"one of {', '.join(choices)}", value)
        return value

    def has(self, key: str) -> bool:
        return str(self._context.get(key, "")) != ""


def _in_words(allowed: Sequence[int]) -> str:
    if isinstance(allowed, range):
        return f"a whole number from {allowed[0]} to {allowed[-1]}"
    return f"one of {', '.join(map(str, allowed))}"
