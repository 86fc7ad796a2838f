"""Collections of images: create, read, change, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from darkroom.domain.collection import LARGEST_NOTES, Collection, Member, place_of, size_of
from darkroom.domain.errors import InvalidRequest, NotFound, Unavailable, UnknownReference
from darkroom.domain.library_operations import (
    ChangeCollection,
    CreateCollection,
    DeleteCollection,
    ListCollections,
    ReadCollection,
)
from darkroom.domain.library_ports import Collections, Library
from darkroom.domain.media import MediaStatus
from darkroom.domain.operations import Caller
from darkroom.domain.outcomes import CollectionContents, CollectionPage, Deleted
from darkroom.domain.ports import Clock, Ids
from darkroom.usecases.retries import retries

# In every address of the web, and in no id.
_WEB = "://"
# Of each in a list.
_A_LOOK = 10
_MOST_SHOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionService:
    collections: Collections
    library: Library
    clock: Clock
    ids: Ids

    def create(self, command: CreateCollection, caller: Caller) -> CollectionContents:
        now = self.clock.now()
        collection = Collection(
            id=self.ids.new_id(),
            workspace=caller.workspace,
            name=command.name,
            description=command.description,
            created_at=now,
            updated_at=now,
            attributes=command.attributes,
        )
        members = self._members(caller, command.images, self.ids.new_id())
        self.collections.fill(collection, members, ())
        self.collections.add(collection)
        return CollectionContents(collection=collection, images=members)

    def change(self, command: ChangeCollection, caller: Caller) -> CollectionContents:
        source = self.ids.new_id()
        members: Sequence[Member] = ()
        replaced: Sequence[str] = ()
        if command.images is not None:
            members = self._members(caller, command.images, source)
        for _ in retries(self.clock, self.ids):
            old = self._of(caller, command.collection)
            if command.images is not None:
                replaced = self.collections.places(old.workspace, old.id)
            collection = self._changed(old, command, source)
            if self.collections.change(old, collection):
                break
        else:
            raise Unavailable
        if command.images is not None:
            self._fill(collection, members, replaced)
        return self._shown(collection, _MOST_SHOWN)

    def _changed(self, old: Collection, command: ChangeCollection, source: str) -> Collection:
        collection = replace(
            old,
            name=old.name if command.name is None else command.name,
            description=old.description if command.description is None else command.description,
            attributes={**old.attributes, **command.attributes},
            filled_by=old.filled_by if command.images is None else source,
            updated_at=self.clock.now(),
            version=old.version + 1,
        )
        # Each change was small enough; what they add up to may not be.
        if command.attributes and size_of(collection.attributes) > LARGEST_NOTES:
            text = f"attributes may have {LARGEST_NOTES:,} bytes in all."
            raise InvalidRequest("attributes", "too_long", text)
        return collection

    def _fill(
        self, collection: Collection, members: Sequence[Member], replaced: Sequence[str]
    ) -> None:
        """Of requests that replace all images at once, those of the last one to be stored stay."""
        self.collections.fill(collection, members, replaced)
        stands = self.collections.get(collection.workspace, collection.id)
        if stands is None or stands.filled_by not in {"", collection.filled_by}:
            self.collections.fill(collection, (), [member.place for member in members])

    def read(self, command: ReadCollection, caller: Caller) -> CollectionContents:
        return self._shown(self._of(caller, command.collection), _MOST_SHOWN)

    def list(self, command: ListCollections, caller: Caller) -> CollectionPage:
        found, has_more = self.collections.page(caller.workspace, command)
        collections = tuple(self._shown(collection, _A_LOOK) for collection in found)
        return CollectionPage(collections=collections, has_more=has_more)

    def delete(self, command: DeleteCollection, caller: Caller) -> Deleted:
        collection = self._of(caller, command.collection)
        self.collections.remove(collection)
        return Deleted(id=collection.id)

    def _of(self, caller: Caller, name: str) -> Collection:
        collection = self.collections.get(caller.workspace, name)
        if collection is None:
            raise NotFound("collection")
        return collection

    def _shown(self, collection: Collection, most: int) -> CollectionContents:
        """Without images that were deleted from the library meanwhile."""
        members = self.collections.members(collection.workspace, collection.id, most)
        named = [member.media for member in members if member.media]
        there = self.library.get_many(collection.workspace, named) if named else {}
        images = tuple(
            member for member in members if member.media is None or member.media in there
        )
        return CollectionContents(collection=collection, images=images)

    def _members(self, caller: Caller, images: Sequence[str], source: str) -> tuple[Member, ...]:
        named = [image for image in images if _WEB not in image]
        library = self.library.get_many(caller.workspace, named) if named else {}
        members = []
        for index, image in enumerate(images):
            place = place_of(source, index)
            if _WEB in image:
                members.append(Member(place=place, url=image))
                continue
            media = library.get(image)
            if media is None or media.status is not MediaStatus.READY:
                raise UnknownReference(f"images.{index}")
            members.append(Member(place=place, media=media.id, file=media.file))
        return tuple(members)
