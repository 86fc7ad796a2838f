"""Follow one of our signed addresses to the bytes."""

from __future__ import annotations

from darkroom.domain.errors import NotFound
from darkroom.domain.file_links import LinkSigner, storage_key
from darkroom.domain.image_request import CONTENT_TYPES, EXTENSIONS
from darkroom.domain.library_ports import ImageStore
from darkroom.domain.operations import OpenFile
from darkroom.domain.outcomes import FileLocation
from darkroom.domain.ports import Clock

# Long enough to start a download; nothing anywhere is presigned for longer than 900 s.
SECONDS = 300
_TYPES = {EXTENSIONS[fmt]: content_type for fmt, content_type in CONTENT_TYPES.items()}


def open_file(
    command: OpenFile, *, signer: LinkSigner, images: ImageStore, clock: Clock
) -> FileLocation:
    now = clock.now()
    if not signer.is_valid(command.name, command.expires, command.kid, command.signature, now):
        # A forged address, an old one and one of nothing look the same from outside.
        raise NotFound("file")
    if not images.exists(storage_key(command.name)):
        raise NotFound("file")  # deleted since
    content_type = _TYPES[command.name.rpartition(".")[2]]
    url = images.link(
        storage_key(command.name),
        content_type=content_type,
        seconds=SECONDS,
        only_head=command.only_head,
    )
    return FileLocation(url=url, seconds=SECONDS)
