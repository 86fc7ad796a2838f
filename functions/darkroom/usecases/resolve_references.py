"""Look up what a request refers to, so that it is complete before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from darkroom.domain.caption_prompts import prompt_of
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import InvalidRequest, NotReady, UnknownReference
from darkroom.domain.image_request import ImageRequest, Reference
from darkroom.domain.job import Job, JobStatus
from darkroom.domain.library_ports import Collections, Library
from darkroom.domain.media import Media, MediaStatus
from darkroom.domain.operations import CaptionSource, JobRequest
from darkroom.domain.ports import Aliases, Jobs

# Of a collection, among which the first that is still there is looked for.
_OLDEST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceStores:
    """Where things that a request may name are kept."""

    jobs: Jobs
    library: Library
    collections: Collections
    aliases: Aliases


def resolve_references(
    command: JobRequest, workspace: str, *, catalogue: Catalogue, stores: ReferenceStores
) -> ImageRequest | CaptionRequest:
    """Raises UnknownReference, NotReady or InvalidRequest, by the caller's names of the fields."""
    request, library, fields = command.request, stores.library, command.fields
    if isinstance(request, CaptionRequest):
        there = _there(request.media, workspace, library)
        media = (
            _filed(one, there, fields.of("media.{}", place))
            for place, one in enumerate(request.media)
        )
        return replace(request, media=tuple(media))
    implied: tuple[Reference, ...] = ()
    most = catalogue.model(request.model).max_references
    if command.caption is not None:
        written = _captions(command.caption, workspace, stores.jobs, fields.of("caption.id"))
        prompt = _prompt(written, command.caption, request.prompt, fields.of("caption.post_type"))
        request = replace(request, prompt=prompt)
        implied = written.writing.media
    if command.collection is not None:
        members = _members(command.collection, workspace, stores, fields.of("collection"))
        if not implied:
            # An image for a collection is made after the first that is still there.
            implied, most = members, min(most, 1)
    masks = (request.mask,) if request.mask else ()
    there = _there((*(request.references or implied), *masks), workspace, library)
    references = request.references
    if not references:
        # The client did not name these: what was deleted since is left out, and what is too many.
        references = tuple(one for one in implied if one.media is None or one.media in there)[:most]
    filed = (
        _filed(one, there, fields.of("references.{}.media", place))
        for place, one in enumerate(references)
    )
    return replace(
        request,
        references=tuple(filed),
        mask=_filed(request.mask, there, fields.of("mask.media")) if request.mask else None,
    )


def _captions(source: CaptionSource, workspace: str, jobs: Jobs, field: str) -> Job:
    written = jobs.get(workspace, source.job)
    if written is None or not written.writes_captions:
        raise UnknownReference(field)
    if written.status is not JobStatus.COMPLETED:
        raise NotReady("caption", written.status, field)
    return written


def _prompt(written: Job, source: CaptionSource, direction: str, field: str) -> str:
    """Of an image that goes with captions."""
    captions = written.captions
    try:
        return prompt_of(captions, source.post_type, direction or None)
    except KeyError:
        text = f"{field} must be one that has a caption: {', '.join(captions)}."
        raise InvalidRequest(field, "unknown", text) from None


def _members(
    name: str, workspace: str, stores: ReferenceStores, field: str
) -> tuple[Reference, ...]:
    if stores.collections.get(workspace, name) is None:
        raise UnknownReference(field)
    members = stores.collections.members(workspace, name, _OLDEST)
    return tuple(Reference(media=member.media, url=member.url) for member in members)


def _there(
    references: Sequence[Reference], workspace: str, library: Library
) -> Mapping[str, Media]:
    """All that is named, in one look."""
    named = [reference.media for reference in references if reference.media]
    return library.get_many(workspace, named) if named else {}


def _filed(reference: Reference, there: Mapping[str, Media], field: str) -> Reference:
    """With the name of its file."""
    if reference.media is None:
        return reference
    media = there.get(reference.media)
    if media is None:
        raise UnknownReference(field)
    if media.status is not MediaStatus.READY:
        raise NotReady("media", media.status, field)
    return replace(reference, file=media.file)
