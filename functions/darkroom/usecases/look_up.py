"""Look up what a request refers to, so that it is complete before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.captions import prompt_of
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import InvalidRequest, NotFound, NotReady
from darkroom.domain.image_request import ImageRequest, Reference
from darkroom.domain.job import JobStatus
from darkroom.domain.media import MediaStatus
from darkroom.domain.operations import CaptionSource, SubmitJob
from darkroom.domain.ports import Collections, Jobs, Library

# Of a collection, among which the first that is still there is looked for.
_OLDEST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Where things that a request may name are kept."""

    jobs: Jobs
    library: Library
    collections: Collections


def look_up(
    command: SubmitJob, workspace: str, *, catalogue: Catalogue, shelves: Shelves
) -> ImageRequest | CaptionRequest:
    """Raises NotFound, NotReady or InvalidRequest."""
    request = command.request
    if isinstance(request, CaptionRequest):
        return replace(request, media=_found(request.media, workspace, shelves.library))
    asked_for = request.references
    if command.caption is not None:
        request = _for_captions(request, command.caption, workspace, shelves.jobs)
    if command.collection is not None:
        request = _for_collection(request, command.collection, workspace, shelves)
    if not asked_for and request.references:
        request = _with_what_is_there(request, workspace, catalogue, shelves.library)
    mask = (request.mask,) if request.mask else ()
    found = _found((*request.references, *mask), workspace, shelves.library)
    count = len(request.references)
    return replace(request, references=found[:count], mask=found[count] if request.mask else None)


def _with_what_is_there(
    request: ImageRequest, workspace: str, catalogue: Catalogue, library: Library
) -> ImageRequest:
    """Nobody named these references: what was deleted since is left out, and what is too many."""
    named = [reference.media for reference in request.references if reference.media]
    there = library.get_many(workspace, named) if named else {}
    kept = [one for one in request.references if one.media is None or one.media in there]
    most = catalogue.model(request.model).max_references
    return replace(request, references=tuple(kept[:most]))


def _for_captions(
    request: ImageRequest, source: CaptionSource, workspace: str, jobs: Jobs
) -> ImageRequest:
    """An image for captions: of what they say, and in the manner of what they were about."""
    written = jobs.get(workspace, source.job)
    if written is None or not written.writes_captions:
        raise NotFound("caption")
    if written.status is not JobStatus.COMPLETED:
        raise NotReady("caption", written.status)
    texts = {name: caption.text for name, caption in written.captions.items()}
    try:
        prompt = prompt_of(texts, source.post_type, request.prompt or None)
    except KeyError:
        choices = ", ".join(texts)
        raise InvalidRequest(
            "post_type", "unknown", f"The captions are for these post types: {choices}."
        ) from None
    return replace(request, prompt=prompt, references=request.references or written.writing.media)


def _for_collection(
    request: ImageRequest, name: str, workspace: str, shelves: Shelves
) -> ImageRequest:
    """An image for a collection is made after its first one."""
    if shelves.collections.get(workspace, name) is None:
        raise NotFound("collection")
    if request.references:
        return request
    # The first that was not deleted since.
    for member in shelves.collections.members(workspace, name, _OLDEST):
        if member.media is None or shelves.library.get(workspace, member.media):
            return replace(request, references=(Reference(media=member.media, url=member.url),))
    return request


def _found(
    references: Sequence[Reference], workspace: str, library: Library
) -> tuple[Reference, ...]:
    """With the names of their files."""
    named = [reference.media for reference in references if reference.media]
    there = library.get_many(workspace, named) if named else {}
    found = []
    for reference in references:
        if reference.media is None:
            found.append(reference)
            continue
        media = there.get(reference.media)
        if media is None:
            raise NotFound("media")
        if media.status is not MediaStatus.READY:
            raise NotReady("media", media.status)
        found.append(replace(reference, file=media.file))
    return tuple(found)
