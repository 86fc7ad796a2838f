"""Multipart forms with one file, as browsers and curl send them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from darkroom.dialects.wire import Ignored, Request
from darkroom.domain.errors import InvalidRequest, TooLarge
from darkroom.domain.media import LARGEST_IN_REQUEST

_MOST_PARTS = 8
_LONGEST_TEXT, _LONGEST_NAME = 1000, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    name: str  # of the file
    body: bytes
    texts: Mapping[str, str]


def read_form(
    request: Request, texts: tuple[str, ...] = (), ignored: Ignored | None = None
) -> Form:
    """The file, and those of these other fields that are there.

    Unknown parts are refused, or, where `ignored` is given, named there.
    """
    field = "file"
    # Imported here because few requests bring a file.
    import multipart  # noqa: PLC0415

    kind, options = multipart.parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise InvalidRequest("body", "not_a_form", "Send the file as multipart/form-data.")
    if len(request.body) > LARGEST_IN_REQUEST:
        raise TooLarge(LARGEST_IN_REQUEST)
    try:
        parts = multipart.MultipartParser(
            io.BytesIO(request.body),
            options["boundary"],
            memory_limit=LARGEST_IN_REQUEST + 1,
            disk_limit=0,
            spool_limit=LARGEST_IN_REQUEST + 1,
            part_limit=_MOST_PARTS,
        ).parts()
    except multipart.MultipartError:
        raise InvalidRequest("body", "malformed", "The form cannot be read.") from None
    found = {part.name: part for part in parts}
    for name in found:
        if name in (field, *texts):
            continue
        if ignored is None:
            raise InvalidRequest("body", "unknown_field", f"This form takes {field} only.")
        ignored.add(name)
    file = found.get(field)
    if file is None or not file.raw:
        raise InvalidRequest(field, "required", f"{field} is required.")
    try:
        values = {name: found[name].value[:_LONGEST_TEXT] for name in texts if name in found}
    except (UnicodeDecodeError, LookupError):
        raise InvalidRequest("body", "malformed", "The form's texts must be UTF-8.") from None
    # Of a path only the end: it is the name of a file, on a machine that is not ours.
    name = re.split(r"[/\\]", file.filename or "")[-1] or field
    return Form(name=name[-_LONGEST_NAME:], body=file.raw, texts=values)
