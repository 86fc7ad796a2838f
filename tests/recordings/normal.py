"""What differs between two runs of the same code, under names that do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# In this order: what is found first is not looked at again.
_KINDS: tuple[tuple[str, str], ...] = (
    ("id", _UUID),
    ("key", r"dk_[a-z]+_[0-9A-Za-z]{36}"),
    ("secret", r"whsec_[0-9A-Za-z+/=_-]+"),
    ("hash", r"\b[0-9a-f]{64}\b"),
    ("id", r"\b[0-9a-f]{32}\b"),
    ("id", r"\b[0-9a-f]{24}\b"),
    ("id", r"(?<=generated_ref_)\d{20,}"),
    ("id", r"task_\d{13}_\w+"),
)
_PLAIN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"(?<=signature=)[\w%+/=-]+", re.IGNORECASE), "<signature>"),
    (re.compile(r"(?<=expires=)\d{8,}"), "<time>"),
    (re.compile(r"(?<=max-age=)\d+(?=, immutable)"), "<time>"),
    (re.compile(r"(?<=X-Amz-Credential=)[^&]+"), "<credential>"),
    (re.compile(r"(?<=X-Amz-Date=)\w+"), "<time>"),
    # Of a page's style and script, in its policy.
    (re.compile(r"(?<='sha256-)[\w+/=]+"), "<hash>"),
)
_RUN = re.compile(r"(.)\1{49,}")
# Fields whose numbers or texts are of the moment.
_OF_THE_MOMENT = {
    "seed": "<seed>",
    "bytes": "<size>",
    "size": "<size>",
    "file_size": "<size>",
    "stored": "<size>",
    "milliseconds": "<duration>",
    "duration_ms": "<duration>",
    "etag": "<hash>",
    "content-length": "<size>",
    "policy": "<policy>",
    "x-amz-signature": "<signature>",
    "x-amz-date": "<time>",
    "x-amz-credential": "<credential>",
    "signature": "<signature>",
}
_EARLIEST, _LATEST = 1_600_000_000, 2_500_000_000


class Names:
    """id-1 for the first id that appears, and for each time that it appears again."""

    def __init__(self, fixed: Mapping[str, str]) -> None:
        self._fixed = fixed
        self._known: dict[str, str] = {}
        self._counted: dict[str, int] = {}
        kinds = "|".join(f"(?P<k{number}>{text})" for number, (_, text) in enumerate(_KINDS))
        self._any = re.compile(kinds)

    def normal(self, value: Any, within: str = "") -> Any:
        if isinstance(value, dict):
            return {self._text(name): self.normal(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.normal(one, within) for one in value]
        if isinstance(value, bool) or value is None:
            return value
        of_the_moment = _OF_THE_MOMENT.get(within.lower())
        if of_the_moment and not (isinstance(value, str) and value in {"", "0"}):
            return of_the_moment
        if isinstance(value, int | float):
            seconds = value / 1000 if value > _LATEST else value
            return "<time>" if _EARLIEST < seconds < _LATEST else value
        return self._text(value)

    def _text(self, text: str) -> str:
        for fixed, name in self._fixed.items():
            text = text.replace(fixed, name)
        text = self._any.sub(self._named, text)
        for pattern, name in _PLAIN:
            text = pattern.sub(name, text)
        return _RUN.sub(lambda run: f"<{run[1]}*{len(run[0])}>", text)

    def _named(self, found: re.Match[str]) -> str:
        value = found[0]
        if value not in self._known:
            kind = _KINDS[int(str(found.lastgroup)[1:])][0]
            self._counted[kind] = number = self._counted.get(kind, 0) + 1
            self._known[value] = f"{kind}-{number}"
        return self._known[value]
