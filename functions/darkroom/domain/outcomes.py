"""What comes of an operation: what use cases return, and dialects answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.catalogue import Model
from darkroom.domain.collection import Collection, Member
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Job
from darkroom.domain.media import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitStatus:
    """How much a caller may still ask for in this minute."""

    limit: int
    remaining: int
    resets_in: int  # seconds
    resets_at: int  # the same moment, in Unix time


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    job: Job
    balance: int
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a job would be and cost; nothing was stored."""

    request: ImageRequest | CaptionRequest
    price: int
    balance: int

    @property
    def total(self) -> int:
        return self.price * self.request.n


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    jobs: tuple[Job, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaPage:
    """Newest first."""

    media: tuple[Media, ...]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTarget:
    """Where and how to send the file, within the next minutes."""

    media: Media
    url: str
    fields: Mapping[str, str]
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionContents:
    """A collection and its images."""

    collection: Collection
    images: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPage:
    collections: tuple[CollectionContents, ...]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLocation:
    """Where the bytes can be had for the next few minutes."""

    url: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file itself."""

    name: str
    content_type: str
    tag: str  # its entity tag
    size: int
    seconds: int  # for how long its address is good; 0: ask again each time
    body: bytes | None  # None: it was not asked for, or the client has it already
    is_not_modified: bool = False  # the client has it already


@dataclass(frozen=True, slots=True, kw_only=True)
class Healthy:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    text: str


@dataclass(frozen=True, slots=True)
class Schemas:
    schemas: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CallbackReceived:
    pass
