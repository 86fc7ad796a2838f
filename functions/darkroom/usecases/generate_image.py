"""Generate an image: load its references, ask a provider, finish, store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from darkroom.domain.attempts import BUSY, Attempt, PendingGeneration, pause_of
from darkroom.domain.catalogue import Catalogue, ProviderRoute
from darkroom.domain.errors import Unavailable
from darkroom.domain.file_links import file_keys
from darkroom.domain.image_request import CONTENT_TYPES, ImageRequest
from darkroom.domain.job import Failure, Job, Slot, StoredImage, Written
from darkroom.domain.library_ports import ImageStore
from darkroom.domain.ports import Clock, Jobs
from darkroom.domain.worker_ports import (
    Fetcher,
    Finisher,
    GeneratedImage,
    GenerationFailed,
    GenerationRequest,
    GenerationStarted,
    ImageProvider,
    Origin,
    UnreadableImage,
    Writer,
    WriterFailed,
)
from darkroom.usecases.load_references import ReferencesUnavailable, load_references
from darkroom.usecases.process_slot import SlotOutcome, SlotResult

_MOST_ATTEMPTS = 30
_THUMBNAIL_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageGenerator:
    jobs: Jobs
    catalogue: Catalogue
    router: ImageProvider
    finisher: Finisher
    images: ImageStore
    fetcher: Fetcher
    # The first that can makes a prompt richer.
    writers: tuple[Writer, ...]
    clock: Clock
    # The providers whose images are an algorithm's, and no trained model's.
    algorithms: Collection[str] = ()
    # Where providers reach this deployment; empty where they do not.
    public_url: str = ""

    def handle(self, job: Job, index: int) -> SlotOutcome:
        slot = job.slots[index]
        if slot.pending is not None:
            return self._poll(job, slot, slot.pending)
        return self._start(job, index, slot)

    def find_stored(self, job: Job, index: int) -> SlotOutcome | None:
        return self._already_stored(job.picture, job.slots[index])

    def cancel_image(self, pending: PendingGeneration) -> None:
        self.router.cancel_image(pending)

    def _start(self, job: Job, index: int, slot: Slot) -> SlotOutcome:
        try:
            pictures = load_references(
                job.picture, images=self.images, fetcher=self.fetcher, finisher=self.finisher
            )
        except ReferencesUnavailable as missing:
            return _failed(slot, missing.failure, may_retry=missing.may_retry)
        generation = GenerationRequest(
            request=self._with_prompt(job),
            slot=index,
            token=slot.media_id,
            pictures=pictures,
            earlier=slot.attempts,
            callback=self._callback(job, index),
        )
        made = self.router.make(generation, self.catalogue.routes(job.picture))
        slot = replace(slot, attempts=_bounded(slot.attempts + made.attempts))
        if isinstance(made, GenerationStarted):
            pending = replace(made.pending, token=_token(slot))
            slot = replace(slot, pending=pending)
            return SlotOutcome(result=SlotResult.PENDING, slot=slot, after=pending.pace)
        return self._outcome(job, slot, made)

    def _callback(self, job: Job, index: int) -> str:
        if not self.public_url:
            return ""
        token = _token(job.slots[index])
        return f"{self.public_url}/v1/callbacks/{job.workspace}/{job.id}/{index}/{token}"

    def _poll(self, job: Job, slot: Slot, pending: PendingGeneration) -> SlotOutcome:
        made = self.router.poll_image(pending, slot.attempts)
        if made is None:
            return SlotOutcome(result=SlotResult.PENDING, slot=slot, after=pause_of(pending))
        slot = replace(slot, pending=None, attempts=_bounded(slot.attempts + made.attempts))
        if isinstance(made, GenerationFailed) and made.may_retry:
            # Another provider is asked, and by another worker: this one's time is half over. It was
            # no failure of its lease, and the outcome of a second such try is the end.
            return _uncounted(slot, made.failure, after=1)
        return self._outcome(job, slot, made)

    def _outcome(
        self, job: Job, slot: Slot, made: GeneratedImage | GenerationFailed
    ) -> SlotOutcome:
        if isinstance(made, GeneratedImage):
            return self._stored(job, slot, made)
        if made.busy_for is None:
            return _failed(slot, made.failure, may_retry=made.may_retry)
        # No provider tried it, so nothing was used up; the job's deadline is the end of it.
        return _uncounted(slot, made.failure, after=made.busy_for)

    def _with_prompt(self, job: Job) -> ImageRequest:
        """The request with the prompt that the provider is given."""
        if not job.picture.enhance:
            return _described(job.picture)
        if job.enhanced is None:
            # Whichever worker is first: all images of a job are of one prompt.
            job = self.jobs.keep_prompt(job, self._enhanced(job.picture.prompt))
        written = job.enhanced
        return _described(replace(job.picture, prompt=written.text) if written else job.picture)

    def _enhanced(self, prompt: str) -> Written:
        for writer in self.writers:
            try:
                return Written(text=writer.enhance(prompt), writer=writer.name)
            except WriterFailed:
                continue
        raise Unavailable

    def _stored(self, job: Job, slot: Slot, made: GeneratedImage) -> SlotOutcome:
        request = job.picture
        provider = made.route.provider
        origin = Origin(
            provider=provider,
            model=made.route.model,
            trained=provider not in self.algorithms,
        )
        try:
            done = self.finisher.finish(
                made.body,
                width=request.width,
                height=request.height,
                output=request.output,
                origin=origin,
            )
        except UnreadableImage:
            failure = Failure(code="unreadable", message="The provider's image could not be read.")
            return _failed(slot, failure, may_retry=True)
        image_key, thumbnail_key = file_keys(slot.media_id, request.output.format)
        content_type = CONTENT_TYPES[request.output.format]
        if self.images.put_once(image_key, done.body, content_type, made.route):
            self.images.put_once(thumbnail_key, done.thumbnail, _THUMBNAIL_TYPE, made.route)
            return _with_image(slot, request, len(done.body), made.route)
        # A worker that overslept was quicker after all. What is there stays.
        stored = self._already_stored(request, slot)
        if stored is None:
            raise Unavailable
        return stored

    def _already_stored(self, request: ImageRequest, slot: Slot) -> SlotOutcome | None:
        """The image of a worker that died after storing it: whole, and paid for."""
        image_key, thumbnail_key = file_keys(slot.media_id, request.output.format)
        kept = self.images.find(image_key)
        if kept is None or kept.made_by is None:
            return None
        # Of this very image: that worker may have died between its two files.
        thumbnail = self.finisher.thumbnail(kept.body)
        self.images.put_once(thumbnail_key, thumbnail, _THUMBNAIL_TYPE, kept.made_by)
        return _with_image(slot, request, len(kept.body), kept.made_by)


def _uncounted(slot: Slot, failure: Failure, *, after: int) -> SlotOutcome:
    return SlotOutcome(result=SlotResult.UNCOUNTED, slot=slot, failure=failure, after=after)


def _token(slot: Slot) -> str:
    """The lease under which an image was begun: it cannot be guessed, and is spent by then."""
    return slot.lease.token if slot.lease else ""


def _bounded(attempts: tuple[Attempt, ...]) -> tuple[Attempt, ...]:
    """A job is one item of at most 400 KB. Of the many times that a provider was busy, the latest
    are enough; everything else is few by itself, and counts.
    """
    spare = len(attempts) - _MOST_ATTEMPTS
    kept = []
    for attempt in attempts:
        if spare > 0 and attempt.outcome == BUSY:
            spare -= 1
        else:
            kept.append(attempt)
    return tuple(kept)


def _described(request: ImageRequest) -> ImageRequest:
    """What the caller says of a reference is said to the provider, too."""
    said = [
        f"Reference {number}: {reference.description}."
        for number, reference in enumerate(request.references, 1)
        if reference.description
    ]
    return replace(request, prompt=" ".join([request.prompt, *said])) if said else request


def _with_image(
    slot: Slot, request: ImageRequest, size: int, made_by: ProviderRoute
) -> SlotOutcome:
    stored = StoredImage(
        format=request.output.format,
        width=request.width,
        height=request.height,
        size=size,
        provider=made_by.provider,
        provider_model=made_by.model,
    )
    return SlotOutcome(result=SlotResult.STORED, slot=replace(slot, image=stored))


def _failed(slot: Slot, failure: Failure, *, may_retry: bool) -> SlotOutcome:
    result = SlotResult.RETRY if may_retry else SlotResult.FAILED
    return SlotOutcome(result=result, slot=slot, failure=failure)
