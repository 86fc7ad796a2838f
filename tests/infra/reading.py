"""Policies and references of a template, in words; and as whom it is made."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def listed(value):
    return value if isinstance(value, list) else [value]


def in_words(resource) -> str:
    """A resource of a policy by the name of its construct, without the hash of its logical id."""
    if isinstance(resource, str):
        return resource
    if "Fn::Join" in resource:
        separator, parts = resource["Fn::Join"]
        return separator.join(in_words(part) for part in parts)
    [target] = resource.values()
    name, *attribute = listed(target)
    # Of the table there are two: its own address and its stream's.
    suffix = ".StreamArn" if attribute == ["StreamArn"] else ""
    return re.sub(r"[0-9A-F]{8}$", "", name) + suffix
