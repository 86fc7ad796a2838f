"""Look through a workspace's media, open one, delete one."""

from __future__ import annotations

from datetime import timedelta

from darkroom.domain.errors import NotFound, NotReady, Unavailable
from darkroom.domain.file_links import file_keys, image_name, upload_key
from darkroom.domain.image_request import Format
from darkroom.domain.library_operations import DeleteMedia, ListMedia, OpenMedia, ReadMedia
from darkroom.domain.library_ports import ImageStore, Library
from darkroom.domain.media import Media, MediaStatus
from darkroom.domain.operations import Caller
from darkroom.domain.outcomes import Deleted, FileContent, FileLocation, MediaPage
from darkroom.domain.ports import Clock, Jobs
from darkroom.usecases.jobs import wait_for
from darkroom.usecases.send_file import send_file


def list_media(command: ListMedia, caller: Caller, *, library: Library) -> MediaPage:
    return library.page(caller.workspace, command)


def read_media(command: ReadMedia, caller: Caller, *, library: Library) -> Media:
    media = library.get(caller.workspace, command.media)
    if media is None:
        raise NotFound("media")
    return media


def open_media(
    command: OpenMedia,
    caller: Caller,
    *,
    library: Library,
    images: ImageStore,
    jobs: Jobs,
    clock: Clock,
) -> FileContent | FileLocation:
    """Raises NotFound, or NotReady for an image that its job still makes."""
    media = library.get(caller.workspace, command.media)
    kind = media.format if media else _made(command, caller, jobs, clock)
    if kind is None:
        raise NotFound("media")
    # A key may be revoked: its client asks again each time.
    return send_file(image_name(command.media, kind), command.download, seconds=0, images=images)


def _made(command: OpenMedia, caller: Caller, jobs: Jobs, clock: Clock) -> Format | None:
    """Of an image that is in no library, which happens at its job's end: waited for, if need be."""
    until = clock.now() + timedelta(seconds=command.wait)
    job = jobs.get(caller.workspace, command.job) if command.job else None
    slots = [slot.media_id for slot in job.slots] if job else []
    if job is None or command.media not in slots:
        return None
    index = slots.index(command.media)
    job = wait_for(job, until, jobs=jobs, clock=clock, slot=index)
    slot = job.slots[index]
    if slot.image is not None:
        return None if slot.image.is_deleted else slot.image.format
    if job.status.is_terminal or slot.status.is_terminal:
        return None
    raise NotReady("image", "being made")


def delete_media(
    command: DeleteMedia, caller: Caller, *, library: Library, images: ImageStore
) -> Deleted:
    for _ in MediaStatus:
        media = library.get(caller.workspace, command.media)
        if media is None:
            raise NotFound("media")
        # The files first: after a crash in the middle the entry is still there to delete again.
        files = file_keys(media.id, media.format) if media.format else ()
        images.delete([*files, upload_key(media.id)])
        if library.remove(media):
            return Deleted(id=media.id)
        # It went on meanwhile, or another has deleted it.
    raise Unavailable
