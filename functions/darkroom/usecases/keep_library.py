"""Look through a workspace's media, open one, delete one."""

from __future__ import annotations

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.file_links import file_keys, storage_key, upload_key
from darkroom.domain.image_request import CONTENT_TYPES
from darkroom.domain.media import Media, MediaStatus
from darkroom.domain.operations import (
    Caller,
    Deleted,
    DeleteMedia,
    FileAt,
    ListMedia,
    MediaPage,
    OpenMedia,
    ReadMedia,
)
from darkroom.domain.ports import ImageStore, Library
from darkroom.usecases.open_file import SECONDS


def list_media(command: ListMedia, caller: Caller, *, library: Library) -> MediaPage:
    return library.page(
        caller.workspace,
        limit=command.limit,
        after=command.after,
        before=command.before,
        only_ready=command.only_ready,
    )


def read_media(command: ReadMedia, caller: Caller, *, library: Library) -> Media:
    media = library.get(caller.workspace, command.media)
    if media is None:
        raise NotFound("media")
    return media


def open_media(
    command: OpenMedia, caller: Caller, *, library: Library, images: ImageStore
) -> FileAt:
    media = library.get(caller.workspace, command.media)
    if media is None or media.format is None:
        raise NotFound("media")
    url = images.link(
        storage_key(media.file),
        content_type=CONTENT_TYPES[media.format],
        seconds=SECONDS,
        only_head=command.only_head,
    )
    return FileAt(url=url, seconds=SECONDS)


def delete_media(
    command: DeleteMedia, caller: Caller, *, library: Library, images: ImageStore
) -> Deleted:
    for _ in MediaStatus:
        media = library.get(caller.workspace, command.media)
        if media is None:
            raise NotFound("media")
        # The files first: whoever dies in the middle finds the entry again and can go on.
        files = file_keys(media.id, media.format) if media.format else ()
        images.delete([*files, upload_key(media.id)])
        if library.remove(media):
            return Deleted(id=media.id)
        # It went on meanwhile, or another has deleted it.
    raise Unavailable
