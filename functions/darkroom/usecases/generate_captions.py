"""Generate captions: see what they are about, and write them all in one go."""

from __future__ import annotations

from dataclasses import dataclass, replace

from darkroom.domain.attempts import PendingGeneration
from darkroom.domain.captions import CaptionBrief
from darkroom.domain.job import GAVE_UP, Failure, Job, Slot, SlotStatus
from darkroom.domain.ports import Library
from darkroom.domain.worker_ports import Writer, WriterFailed
from darkroom.usecases.process_slot import MAX_LEASES, SlotOutcome

_FAILED = Failure(code="writer_failed", message="The writer gave no usable captions.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionGenerator:
    library: Library
    writer: Writer

    def handle(self, job: Job, index: int) -> SlotOutcome:
        return SlotOutcome(slot=self._finished(job, index))

    def cancel_image(self, pending: PendingGeneration) -> None:
        """A writer is done by the time that it could be stopped."""

    def _finished(self, job: Job, index: int) -> Slot:
        slot = job.slots[index]
        if slot.leases > MAX_LEASES:
            # Its workers died of it, every one.
            return replace(slot, status=SlotStatus.FAILED, failure=GAVE_UP)
        try:
            captions = self.writer.captions(self._brief(job))
        except WriterFailed:
            again = slot.leases < MAX_LEASES
            status = SlotStatus.WAITING if again else SlotStatus.FAILED
            return replace(slot, status=status, failure=_FAILED)
        return replace(slot, status=SlotStatus.STORED, captions=captions, failure=None)

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
