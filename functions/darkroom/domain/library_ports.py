"""Where media, collections and their files are kept: ports, as those of domain/ports.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.collection import Collection, Member
from darkroom.domain.library_operations import ListCollections, ListMedia
from darkroom.domain.media import Media
from darkroom.domain.outcomes import MediaPage


class Library(Protocol):
    """A workspace's media. What jobs make enters it with the end of the job, in `Jobs.end`."""

    def add(self, media: Media) -> None: ...

    def get(self, workspace: str, media: str) -> Media | None: ...

    def get_many(self, workspace: str, media: Sequence[str]) -> Mapping[str, Media]:
        """Those that are there, by id."""
        ...

    def page(self, workspace: str, which: ListMedia) -> MediaPage: ...

    def advance(self, before: Media, after: Media) -> bool:
        """Store the next state of what is brought in, and count the bytes of what is ready; False
        when it is no longer `before`.
        """
        ...

    def remove(self, media: Media) -> bool:
        """From the library, its bytes from the account, and from the answers of the job that made
        it; False when it is no longer in this state.
        """
        ...

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Workspace and id of images whose time had come when they were made, oldest first."""
        ...

    def postpone(self, media: Media, until: datetime) -> bool:
        """False when it is gone or marked as expired: its files may be gone then."""
        ...

    def mark_expired(self, media: Media) -> bool:
        """Before it is removed: that its owner has not deleted it. False when it is gone."""
        ...


class Collections(Protocol):
    """What jobs append joins with the end of the job, in `Jobs.end`."""

    def add(self, collection: Collection) -> None: ...

    def change(self, before: Collection, after: Collection) -> bool:
        """False when it is no longer as `before`."""
        ...

    def get(self, workspace: str, collection: str) -> Collection | None: ...

    def page(self, workspace: str, which: ListCollections) -> tuple[Sequence[Collection], bool]:
        """Newest first, and whether there are more."""
        ...

    def members(self, workspace: str, collection: str, limit: int) -> Sequence[Member]:
        """The first ones, oldest first."""
        ...

    def places(self, workspace: str, collection: str) -> Sequence[str]:
        """Of all its images."""
        ...

    def fill(
        self, collection: Collection, members: Sequence[Member], instead_of: Sequence[str]
    ) -> None:
        """These, and none in these places any more."""
        ...

    def remove(self, collection: Collection) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    body: bytes
    made_by: ProviderRoute | None  # None: brought in from outside


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    tag: str  # its entity tag
    size: int
    body: bytes | None  # None: it is larger than was asked for


class ImageStore(Protocol):
    def put_once(
        self, key: str, body: bytes, content_type: str, made_by: ProviderRoute | None
    ) -> bool:
        """Store under a key that nothing overwrites; False when something is there already."""
        ...

    def find(self, key: str) -> StoredFile | None: ...

    def exists(self, key: str) -> bool: ...

    def open(self, key: str, most_bytes: int = 0) -> OpenedFile | None:
        """With its bytes, where it has no more than these."""
        ...

    def invite(
        self, key: str, *, content_type: str, most_bytes: int, seconds: int
    ) -> tuple[str, Mapping[str, str]]:
        """An address and form fields with which one file of this type and size may be put there."""
        ...

    def delete(self, keys: Sequence[str]) -> None: ...

    def link(self, key: str, *, content_type: str, file_name: str, seconds: int) -> str: ...
