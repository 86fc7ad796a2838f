"""Generate captions: see what they are about, and write them all in one go."""

from __future__ import annotations

from dataclasses import dataclass, replace

from darkroom.domain.attempts import PendingGeneration
from darkroom.domain.captions import CaptionBrief
from darkroom.domain.job import Failure, Job
from darkroom.domain.library_ports import Library
from darkroom.domain.worker_ports import Writer, WriterFailed
from darkroom.usecases.process_slot import SlotOutcome, SlotResult

_FAILED = Failure(code="writer_failed", message="The writer gave no usable captions.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionGenerator:
    library: Library
    writer: Writer

    def handle(self, job: Job, index: int) -> SlotOutcome:
        slot = job.slots[index]
        try:
            captions = self.writer.captions(self._brief(job))
        except WriterFailed:
            return SlotOutcome(result=SlotResult.RETRY, slot=slot, failure=_FAILED)
        return SlotOutcome(result=SlotResult.STORED, slot=replace(slot, captions=captions))

    def find_stored(self, job: Job, index: int) -> None:
        """Captions are stored with their slot, or not at all."""

    def cancel_image(self, pending: PendingGeneration) -> None:
        """A writer is done by the time that it could be stopped."""

    def _brief(self, job: Job) -> CaptionBrief:
        request = job.writing
        named = [reference.media for reference in request.media if reference.media]
        there = self.library.get_many(job.workspace, named) if named else {}
        # In the order in which they were given: the same captions at each try.
        seen = [there[name] for name in named if name in there]
        return CaptionBrief(
            prompt=request.prompt,
            seen=tuple(media.prompt or media.name or "" for media in seen),
            post_types=request.post_types,
            research_mode=request.research_mode,
        )
