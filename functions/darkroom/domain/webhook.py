"""A webhook: address, events, and how its messages are signed (Standard Webhooks 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

# A workspace's hooks are all read for each of its events.
MOST_WEBHOOKS = 20
# A receiver that has failed for so long, and never worked in between, is not asked any more.
PATIENCE = timedelta(days=5)
# A receiver has this long to learn a new secret.
ROTATION_OVERLAP = timedelta(hours=24)
# Those that are named in requests share one secret, under this name and without an address.
OF_REQUESTS = "default"


class DerivedSecret(NamedTuple):
    """What a webhook's secret is derived for, and from: it is nowhere kept."""

    purpose: str
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    id: str
    workspace: str
    url: str
    created_at: datetime
    events: tuple[str, ...] = ()  # none: all
    description: str = ""
    # The owner's own, by their names in lower case: sent with each message, and never shown.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    enabled: bool = True
    disabled_because: str = ""  # empty where its owner did it
    # Of the request that led to the message after which it was switched off.
    disabled_by_request: str = ""
    generation: int = 1  # of its secret
    derived_from: int = 1  # the generation of the deployment's secret
    rotations: tuple[datetime, ...] = ()  # of the last day, the newest last
    # What each secret that these replaced was derived from; without an entry, the first generation.
    rotated_from: tuple[int, ...] = ()
    failing_since: datetime | None = None
    version: int = 1

    def wants(self, event: str) -> bool:
        return bool(self.url) and (not self.events or event in self.events)

    @property
    def is_missing_out(self) -> bool:
        """Its owner has not switched it off, and may not know of it."""
        return not self.enabled and bool(self.disabled_because)

    def secrets_at(self, now: datetime) -> Sequence[DerivedSecret]:
        """Those that sign, the newest first."""
        replaced = self._replaced_from(now)
        older = [
            self._secret(self.generation - back, number)
            for back, number in enumerate(reversed(replaced), 1)
        ]
        return [self.secret, *older]

    @property
    def secret(self) -> DerivedSecret:
        return self._secret(self.generation, self.derived_from)

    def rotated(self, now: datetime, derived_from: int, *, expires_old: bool = False) -> Webhook:
        """Each secret that this replaces within a day signs on: a repeat stops none."""
        return self.changed(
            generation=self.generation + 1,
            derived_from=derived_from,
            rotations=() if expires_old else (*_recent(self.rotations, now), now),
            rotated_from=() if expires_old else (*self._replaced_from(now), self.derived_from),
        )

    def without_old_secrets(self) -> Webhook:
        """Only its newest secret signs from now on."""
        return self.changed(rotations=(), rotated_from=())

    def lives_by(self, number: int, now: datetime) -> bool:
        """Whether a secret that signs is derived from this generation of the deployment's."""
        return any(secret.generation == number for secret in self.secrets_at(now))

    def _secret(self, own_generation: int, generation: int) -> DerivedSecret:
        purpose = f"webhooks/{self.workspace}/{self.id}/{own_generation}"
        return DerivedSecret(purpose, generation)

    def _replaced_from(self, now: datetime) -> tuple[int, ...]:
        count = len(_recent(self.rotations, now))
        known = (*([1] * len(self.rotations)), *self.rotated_from)
        return known[len(known) - count :]

    def points_elsewhere_than(self, other: Webhook) -> bool:
        """At another machine, or another port on it."""
        mine, others = urlsplit(self.url), urlsplit(other.url)
        return (mine.scheme, mine.netloc.lower()) != (others.scheme, others.netloc.lower())

    def changed(self, **changes: object) -> Webhook:
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


def _recent(rotations: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in rotations if now < at + ROTATION_OVERLAP)


def of_requests(workspace: str, now: datetime, derived_from: int) -> Webhook:
    """As long as nothing about it has changed: `derived_from` is what signs now. Before the
    operator replaces that, it is written down for each workspace.
    """
    return Webhook(
        id=OF_REQUESTS, workspace=workspace, url="", created_at=now, derived_from=derived_from
    )


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
