"""Who wants to be told of what, and how they know that it is us (Standard Webhooks 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# A workspace's hooks are all read for each of its events.
MOST_WEBHOOKS = 20
# A receiver that has failed for so long, and never worked in between, is not asked any more.
PATIENCE = timedelta(days=5)
# Whoever verifies has this long to learn a new secret.
ROTATION_OVERLAP = timedelta(hours=24)
# Those that are named in requests share one secret, under this name and without an address.
OF_REQUESTS = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    id: str
    workspace: str
    url: str
    created_at: datetime
    events: tuple[str, ...] = ()  # none: all
    description: str = ""
    enabled: bool = True
    disabled_because: str = ""  # empty where its owner did it
    generation: int = 1  # of its secret
    rotations: tuple[datetime, ...] = ()  # of the last day, the newest last
    failing_since: datetime | None = None
    version: int = 1

    def wants(self, event: str) -> bool:
        return bool(self.url) and (not self.events or event in self.events)

    @property
    def is_missing_out(self) -> bool:
        """Its owner has not switched it off, and may not know of it."""
        return not self.enabled and bool(self.disabled_because)

    def generations_at(self, now: datetime) -> Sequence[int]:
        """Of the secrets that sign, the newest first."""
        recent = _recent(self.rotations, now)
        return [self.generation - back for back in range(len(recent) + 1)]

    def rotated(self, now: datetime) -> Webhook:
        """Each secret that this replaces within a day signs on: a repeat stops none."""
        rotations = (*_recent(self.rotations, now), now)
        return self.changed(generation=self.generation + 1, rotations=rotations)

    def secret_name(self, generation: int) -> str:
        """What its secret is derived for: it is nowhere kept."""
        return f"webhooks/{self.workspace}/{self.id}/{generation}"

    def changed(self, **changes: object) -> Webhook:
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


def _recent(rotations: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in rotations if now < at + ROTATION_OVERLAP)


def of_requests(workspace: str, now: datetime) -> Webhook:
    """As long as nobody has changed anything about it."""
    return Webhook(id=OF_REQUESTS, workspace=workspace, url="", created_at=now)


def secret_text(secret: bytes) -> str:
    """As its owner is shown it."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def signed_headers(
    message: str, at: datetime, body: str, secrets: Sequence[bytes]
) -> Mapping[str, str]:
    timestamp = str(int(at.timestamp()))
    text = f"{message}.{timestamp}.{body}".encode()
    signatures = (hmac.new(secret, text, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": message,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(
            f"v1,{base64.b64encode(signature).decode()}" for signature in signatures
        ),
    }
