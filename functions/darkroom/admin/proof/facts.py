"""What a check may say: facts that name no account, resource or address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Fact = bool | int | float | str
Facts = Mapping[str, Fact]

# Ids of accounts and of anything else, ARNs, addresses of the web and of mail, paths.
_NAMES_AN_ACCOUNT = re.compile(r"[0-9a-f]{8}|arn:|[@/\\]|amazonaws|\d\.\d+\.\d")
_LONGEST = 60


class NotShown(Exception):  # noqa: N818 - what it is, not what to do about it
    """It could not be shown here, for this reason; that is not to say that it is wrong."""


class Disproved(Exception):  # noqa: N818 - as above
    """AWS does not do what Darkroom counts on."""


def expect(sentence: str, *, is_so: bool) -> None:
    """Raises Disproved."""
    if not is_so:
        raise Disproved(sentence)


def check_account_free(value: Any) -> None:
    """Raises ValueError for a text or a number that may name an account."""
    match value:
        case Mapping():
            for name, one in value.items():
                check_account_free(name)
                check_account_free(one)
        case list() | tuple():
            for one in value:
                check_account_free(one)
        case str() if len(value) > _LONGEST or _NAMES_AN_ACCOUNT.search(value.lower()):
            raise ValueError(f"a report may not say {value!r}")
        case int() if abs(value) >= 10**9:
            raise ValueError(f"a report may not say {value}")
