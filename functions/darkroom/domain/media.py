"""The library: every image of a workspace, made here or brought in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from darkroom.domain.file_links import image_name
from darkroom.domain.image_request import Format
from darkroom.domain.job import Job

# What API Gateway and Lambda let through in one request, and what a presigned upload may bring.
LARGEST_IN_REQUEST = 4_500_000
LARGEST_UPLOAD = 25_000_000


class Source(StrEnum):
    GENERATED = "generated"
    UPLOADED = "uploaded"


class MediaStatus(StrEnum):
    AWAITED = "awaited"  # an address to upload to was given out
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    id: str
    workspace: str
    source: Source
    status: MediaStatus
    created_at: datetime
    name: str | None = None  # the file's, where it was brought in
    format: Format | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = None
    # Of a generated one: where it comes from.
    job: str | None = None
    slot: int | None = None
    model: str | None = None
    prompt: str | None = None
    collection: str | None = None
    # Of one that is brought in: from where, and why that failed.
    url: str | None = None
    failure: str | None = None

    @property
    def file(self) -> str:
        """The name of its file; only one that is ready has any."""
        if self.format is None:
            raise ValueError(f"{self.id} has no file")
        return image_name(self.id, self.format)


def media_of(job: Job) -> tuple[Media, ...]:
    """What a job leaves in the library when it ends."""
    if job.writes_captions:
        return ()
    return tuple(
        Media(
            id=slot.media_id,
            workspace=job.workspace,
            source=Source.GENERATED,
            status=MediaStatus.READY,
            created_at=job.finished_at or job.updated_at,
            format=slot.image.format,
            width=slot.image.width,
            height=slot.image.height,
            size=slot.image.size,
            job=job.id,
            slot=index,
            model=job.picture.model,
            prompt=job.picture.prompt,
            collection=job.collection,
        )
        for index, slot in enumerate(job.slots)
        if slot.image is not None
    )
