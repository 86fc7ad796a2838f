"""Follow one of our signed addresses to the bytes."""

from __future__ import annotations

from darkroom.domain.errors import NotFound
from darkroom.domain.file_links import LinkSigner
from darkroom.domain.library_operations import OpenFile
from darkroom.domain.library_ports import ImageStore
from darkroom.domain.outcomes import FileContent, FileLocation
from darkroom.domain.ports import Clock
from darkroom.usecases.send_file import send_file


def open_file(
    command: OpenFile, *, signer: LinkSigner, images: ImageStore, clock: Clock
) -> FileContent | FileLocation:
    now = clock.now()
    if not signer.is_valid(command.name, command.expires, command.kid, command.signature, now):
        # A forged address, an old one and one of nothing look the same from outside.
        raise NotFound("file")
    # Its file never changes, so that a copy is as good as the address.
    seconds = int(command.expires) - int(now.timestamp())
    return send_file(command.name, command.download, seconds=seconds, images=images)
