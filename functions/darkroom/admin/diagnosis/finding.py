"""What a check found: a line of the doctor's answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NEEDS_AWS = "needs AWS"


class Health(StrEnum):
    GOOD = "good"
    BAD = "bad"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    health: Health
    text: str


def good(subject: str, text: str) -> Finding:
    return Finding(subject, Health.GOOD, text)


def bad(subject: str, text: str) -> Finding:
    return Finding(subject, Health.BAD, text)


def judged(subject: str, text: str, *, is_good: bool) -> Finding:
    return good(subject, text) if is_good else bad(subject, text)


def not_checked(subject: str, text: str) -> Finding:
    return Finding(subject, Health.NOT_CHECKED, text)
