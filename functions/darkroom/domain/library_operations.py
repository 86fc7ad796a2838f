"""What a caller may ask for about the library: media, files and collections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from darkroom.domain.media import Media
from darkroom.domain.operations import CountedBy, Operation
from darkroom.domain.outcomes import (
    CollectionContents,
    CollectionPage,
    Deleted,
    FileContent,
    FileLocation,
    MediaPage,
    UploadTarget,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadMedia(Operation[Media]):
    counted_by: ClassVar[CountedBy] = "account"
    name: str
    body: bytes
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMedia(Operation[Media]):
    counted_by: ClassVar[CountedBy] = "account"
    name: str | None
    url: str
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginUpload(Operation[UploadTarget]):
    """Ask for an address to upload to, for what is too large for a request."""

    counted_by: ClassVar[CountedBy] = "account"
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteUpload(Operation[Media]):
    media: str
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMedia(Operation[MediaPage]):
    limit: int
    after: str | None = None  # those older than this one
    before: str | None = None  # those newer than this one
    only_ready: bool = False


@dataclass(frozen=True, slots=True)
class ReadMedia(Operation[Media]):
    media: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """How a file is asked for."""

    only_head: bool = False
    only_part: bool = False
    # The entity tags of the copies that the client has.
    known_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenMedia(Operation[FileContent | FileLocation]):
    media: str
    download: Download = Download()
    # The job that makes it, where the caller names that: the image may be waited for.
    job: str | None = None
    wait: float = 0


@dataclass(frozen=True, slots=True)
class DeleteMedia(Operation[Deleted]):
    media: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCollection(Operation[CollectionContents]):
    name: str
    description: str
    attributes: Mapping[str, Any]
    images: tuple[str, ...] = ()  # ids of media, or addresses on the web


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCollection(Operation[CollectionContents]):
    """Only what is given changes; attributes are changed one by one."""

    collection: str
    name: str | None = None
    description: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    images: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReadCollection(Operation[CollectionContents]):
    collection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCollections(Operation[CollectionPage]):
    limit: int
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class DeleteCollection(Operation[Deleted]):
    collection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile(Operation[FileContent | FileLocation]):
    """A file by our signed address: the signature is the credential."""

    # A page may show a thousand files. An address that is refused is counted by its client's
    # address, as every request without a valid key.
    counted_by: ClassVar[CountedBy] = None
    name: str
    expires: str
    kid: str
    signature: str
    download: Download = Download()
