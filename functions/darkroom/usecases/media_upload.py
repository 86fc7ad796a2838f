"""Bring images in from outside: uploaded in a request or beside it, or fetched from the web.

Nothing of what comes in is trusted: a worker decodes it and stores it encoded anew. The API waits
for that as long as it may, and answers with what there is by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.address_texts import failed_fetch_text
from darkroom.domain.errors import InvalidRequest, NotFound, TooManyToday, Unavailable
from darkroom.domain.file_links import file_keys, upload_key
from darkroom.domain.image_request import CONTENT_TYPES, FORMATS, Format
from darkroom.domain.library_operations import BeginUpload, CompleteUpload, ImportMedia, UploadMedia
from darkroom.domain.library_ports import ImageStore, Library
from darkroom.domain.media import Media, MediaStatus, Source
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller
from darkroom.domain.outcomes import UploadTarget
from darkroom.domain.ports import Accounts, Clock, Ids, ImageQueue, ImportMessage
from darkroom.domain.quotas import UPLOADS, seconds_left
from darkroom.domain.worker_ports import Fetcher, FetchFailed, Finisher, UnreadableImage

_PAUSE = 0.1
_SECONDS_TO_UPLOAD = 900
_THUMBNAIL_TYPE = "image/jpeg"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaUploads:
    """What takes uploads in, on the side of the API."""

    accounts: Accounts
    library: Library
    images: ImageStore
    queue: ImageQueue
    clock: Clock
    ids: Ids

    def upload(self, command: UploadMedia, caller: Caller, account: Account) -> Media:
        self._check(account, len(command.body))
        media = replace(self._new(caller, name=command.name), size=len(command.body))
        self.images.put_once(upload_key(media.id), command.body, "application/octet-stream", None)
        return self._processed(media, command.wait)

    def fetch(self, command: ImportMedia, caller: Caller, account: Account) -> Media:
        self._check(account, 0)
        return self._processed(self._new(caller, name=command.name, url=command.url), command.wait)

    def begin(self, command: BeginUpload, caller: Caller, account: Account) -> UploadTarget:
        self._check(account, command.size)
        media = self._new(caller, name=command.name, status=MediaStatus.AWAITED)
        self.library.add(media)
        url, fields = self.images.invite(
            upload_key(media.id),
            content_type=command.content_type,
            most_bytes=command.size,
            seconds=_SECONDS_TO_UPLOAD,
        )
        return UploadTarget(media=media, url=url, fields=fields, seconds=_SECONDS_TO_UPLOAD)

    def complete(self, command: CompleteUpload, caller: Caller) -> Media:
        media = self.library.get(caller.workspace, command.media)
        if media is None:
            raise NotFound("media")
        if media.status in (MediaStatus.READY, MediaStatus.FAILED):
            return self._outcome(media)  # a repeat of a call whose answer was lost
        if not self.images.exists(upload_key(media.id)):
            raise InvalidRequest("file", "missing", "Nothing was uploaded to the address yet.")
        processing = replace(media, status=MediaStatus.PROCESSING)
        self.library.advance(media, processing)
        # Sent again with each repeat: a message more does no harm, a lost one would.
        return self._wait_for(processing, command.wait)

    def _check(self, account: Account, size: int) -> None:
        """Against the quotas of its workspace, and counted."""
        account.check_storage(size)
        now, limit = self.clock.now(), account.quotas.uploads_a_day
        if not self.accounts.count_of_day(account.workspace, UPLOADS, 1, limit, now):
            raise TooManyToday(UPLOADS, limit, seconds_left(now))

    def _new(
        self,
        caller: Caller,
        *,
        name: str | None,
        url: str | None = None,
        status: MediaStatus = MediaStatus.PROCESSING,
    ) -> Media:
        return Media(
            id=self.ids.new_id(),
            workspace=caller.workspace,
            source=Source.UPLOADED,
            status=status,
            created_at=self.clock.now(),
            name=name,
            url=url,
        )

    def _processed(self, media: Media, wait: float) -> Media:
        self.library.add(media)
        return self._wait_for(media, wait)

    def _wait_for(self, media: Media, wait: float) -> Media:
        if not self.queue.send_import(ImportMessage(workspace=media.workspace, media=media.id)):
            raise Unavailable
        until: datetime = self.clock.now() + timedelta(seconds=wait)
        while media.status is MediaStatus.PROCESSING and self.clock.now() < until:
            self.clock.sleep(_PAUSE)
            media = self.library.get(media.workspace, media.id) or media
        return self._outcome(media)

    def _outcome(self, media: Media) -> Media:
        if media.status is not MediaStatus.FAILED:
            return media
        if media.url is not None:
            raise InvalidRequest("url", media.failure or "", _why(media.failure))
        raise InvalidRequest("file", media.failure or "", _why(media.failure))


def _why(failure: str | None) -> str:
    if failure == UNREADABLE:
        return "This is not an image that can be used: PNG, JPEG or WebP, of one frame."
    return f"The image could not be fetched: {failed_fetch_text(failure or '')}."


def import_media(
    message: ImportMessage,
    *,
    library: Library,
    images: ImageStore,
    fetcher: Fetcher,
    finisher: Finisher,
) -> Media | None:
    """On the side of the worker: look at what was brought, and keep it or say why not."""
    media = library.get(message.workspace, message.media)
    if media is None or media.status is not MediaStatus.PROCESSING:
        return media
    taken = _already_stored(media, images, finisher) or _taken(media, images, fetcher, finisher)
    if not library.advance(media, taken) and library.get(media.workspace, media.id) is None:
        images.delete(_files(media))  # its owner deleted it meanwhile
    images.delete([upload_key(media.id)])
    return taken


def give_up_upload(message: ImportMessage, *, library: Library, images: ImageStore) -> None:
    """What its workers could not look at, however often they tried."""
    media = library.get(message.workspace, message.media)
    if media is None or media.status is not MediaStatus.PROCESSING:
        return
    images.delete([*_files(media), upload_key(media.id)])
    library.advance(media, replace(media, status=MediaStatus.FAILED, failure="gave_up"))


def _taken(media: Media, images: ImageStore, fetcher: Fetcher, finisher: Finisher) -> Media:
    try:
        image = finisher.clean(_brought(media, images, fetcher))
    except FetchFailed as error:
        return replace(media, status=MediaStatus.FAILED, failure=error.reason)
    except UnreadableImage:
        return replace(media, status=MediaStatus.FAILED, failure=UNREADABLE)
    image_key, thumbnail_key = file_keys(media.id, image.format)
    images.put_once(image_key, image.body, CONTENT_TYPES[image.format], None)
    images.put_once(thumbnail_key, image.thumbnail, _THUMBNAIL_TYPE, None)
    return _ready(media, image.format, (image.width, image.height), len(image.body))


def _brought(media: Media, images: ImageStore, fetcher: Fetcher) -> bytes:
    if media.url is not None:
        return fetcher.fetch(media.url)
    kept = images.find(upload_key(media.id))
    if kept is None:
        raise FetchFailed("missing")
    return kept.body


def _already_stored(media: Media, images: ImageStore, finisher: Finisher) -> Media | None:
    """The image of a worker that died after storing it: what is there stays."""
    for fmt in FORMATS:
        image_key, thumbnail_key = file_keys(media.id, fmt)
        kept = images.find(image_key)
        if kept is not None:
            images.put_once(thumbnail_key, finisher.thumbnail(kept.body), _THUMBNAIL_TYPE, None)
            return _ready(media, fmt, finisher.measure(kept.body), len(kept.body))
    return None


def _ready(media: Media, fmt: Format, sides: tuple[int, int], size: int) -> Media:
    width, height = sides
    return replace(
        media,
        status=MediaStatus.READY,
        format=fmt,
        width=width,
        height=height,
        size=size,
    )


def _files(media: Media) -> list[str]:
    """All that a worker may have stored of it."""
    return [key for fmt in FORMATS for key in file_keys(media.id, fmt)]
