"""Delete images that are older than the deployment keeps any, as their owner would."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from darkroom.domain.file_links import file_keys
from darkroom.domain.library_ports import ImageStore, Library
from darkroom.domain.media import Media, MediaStatus
from darkroom.domain.ports import Clock

log = logging.getLogger(__name__)

_AT_A_TIME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaExpiry:
    library: Library
    images: ImageStore
    clock: Clock
    life: timedelta | None  # None: for ever

    def expire_due(self, seconds: float) -> int:
        """How many, in this time at most."""
        if self.life is None:
            return 0
        until = self.clock.now() + timedelta(seconds=seconds)
        expired = 0
        seen: set[tuple[str, str]] = set()
        while self.clock.now() < until:
            due = self.library.due(self.clock.now(), _AT_A_TIME)
            fresh = [place for place in due if place not in seen]
            if not fresh:
                break
            for workspace, name in fresh:
                if self.clock.now() >= until:
                    break
                seen.add((workspace, name))
                expired += self._try_to_expire(workspace, name, self.life)
        return expired

    def _try_to_expire(self, workspace: str, name: str, life: timedelta) -> bool:
        try:
            media = self.library.get(workspace, name)
            return media is not None and self._expire(media, life)
        except Exception:
            # What one image suffers from must not keep the others.
            log.exception("repair_failed", extra={"workspace": workspace, "media": name})
            return False

    def _expire(self, media: Media, life: timedelta) -> bool:
        if media.status is not MediaStatus.READY or media.format is None:
            return False
        end = media.created_at + life
        if self.clock.now() < end and self.library.postpone(media, end):
            # Images are kept for longer now than when this one was made.
            return False
        # Known before it goes, so that its event says why; the files before the entry, by which
        # they are found again after a crash.
        if not self.library.mark_expired(media):
            return False
        self.images.delete(file_keys(media.id, media.format))
        return self.library.remove(media)
