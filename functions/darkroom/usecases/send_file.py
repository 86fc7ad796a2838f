"""Give out a stored file: its bytes, as long as they fit an answer, or where they can be had."""

from __future__ import annotations

from darkroom.domain.errors import NotFound
from darkroom.domain.file_links import storage_key
from darkroom.domain.image_request import CONTENT_TYPES, EXTENSIONS
from darkroom.domain.library_operations import Download
from darkroom.domain.library_ports import ImageStore, OpenedFile
from darkroom.domain.outcomes import FileContent, FileLocation

# An answer of Lambda has 6 MB at most, and in Base64 a file is a third larger.
MOST_BYTES = 4_400_000
# Long enough to start a download; nothing anywhere is presigned for longer than 900 s.
SECONDS = 300
_TYPES = {EXTENSIONS[fmt]: content_type for fmt, content_type in CONTENT_TYPES.items()}


def send_file(
    name: str, download: Download, *, seconds: int, images: ImageStore
) -> FileContent | FileLocation:
    """`seconds`: for how long the client may keep it without asking again. Raises NotFound."""
    key, content_type = storage_key(name), _TYPES[name.rpartition(".")[2]]

    def opened(most_bytes: int = 0) -> OpenedFile:
        found = images.open(key, most_bytes)
        if found is None:
            raise NotFound("file")  # deleted since
        return found

    def content(file: OpenedFile, *, is_not_modified: bool = False) -> FileContent:
        return FileContent(
            name=name,
            content_type=content_type,
            tag=file.tag,
            size=file.size,
            seconds=seconds,
            body=file.body,
            is_not_modified=is_not_modified,
        )

    if download.only_head or download.only_part or download.known_tags:
        found = opened()
        if {found.tag, "*"} & set(download.known_tags):
            return content(found, is_not_modified=True)
        if download.only_head:
            return content(found)
    if not download.only_part:
        found = opened(MOST_BYTES)
        if found.body is not None:
            return content(found)
    url = images.link(key, content_type=content_type, file_name=name, seconds=SECONDS)
    return FileLocation(url=url, seconds=SECONDS)
