"""Replace one of the deployment's own secrets while things still live by the old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from darkroom.domain.api_key import KeyRecord
from darkroom.domain.errors import InvalidRequest, NotFound, Unavailable
from darkroom.domain.event_ports import Webhooks
from darkroom.domain.file_links import LIFE
from darkroom.domain.ports import Accounts, Clock, Ids, Keys
from darkroom.domain.secrets import Generation, Generations
from darkroom.domain.webhook import OF_REQUESTS, Webhook, of_requests

# Every function knows a new generation by then (aws/secrets.py), and clocks differ.
UNTIL_IT_SIGNS = timedelta(minutes=10)
_TRIES = 5
_CHARACTERS, _LENGTH = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 64


class SecretName(StrEnum):
    SIGNING = "signing"  # API keys and the addresses of files
    WEBHOOKS = "webhooks"


class SecretStore(Protocol):
    def read(self) -> Generations: ...

    def keep(self, generations: Generations) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretUsage:
    """What still lives by a generation, by workspace."""

    keys: Mapping[str, int]
    webhooks: Mapping[str, int]
    files_until: datetime | None = None  # addresses of files that it has signed

    def is_needed_at(self, now: datetime) -> bool:
        addresses = self.files_until is not None and now < self.files_until
        return bool(self.keys or self.webhooks or addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRotation:
    kept: Mapping[SecretName, SecretStore]
    accounts: Accounts
    keys: Keys
    webhooks: Webhooks
    clock: Clock
    ids: Ids

    def generations(self, which: SecretName) -> Iterator[tuple[Generation, SecretUsage]]:
        known = self.kept[which].read()
        for one in known.all:
            yield one, self._lives(which, known, one.number)

    def rotate(self, which: SecretName, after: timedelta = UNTIL_IT_SIGNS) -> Generation:
        """Add a generation, which signs when all functions know it."""
        known, now = self.kept[which].read(), self.clock.now()
        if known.all[-1].signs_from > now:
            text = f"Generation {known.all[-1].number} does not sign yet: rotate when it does."
            raise InvalidRequest("secret", "not_ready", text)
        if which is SecretName.WEBHOOKS:
            self._write_down_defaults(known.signing(now).number, now)
        text = "".join(_CHARACTERS[self.ids.below(len(_CHARACTERS))] for _ in range(_LENGTH))
        rotated = known.with_new(text, now + after)
        self.kept[which].keep(rotated)
        return rotated.all[-1]

    def retire(self, which: SecretName, number: int, *, force: bool = False) -> SecretUsage:
        """Take an old generation away, and with it what still lives by it: only when forced."""
        known, now = self.kept[which].read(), self.clock.now()
        if number not in {one.number for one in known.all}:
            raise NotFound("generation")
        signing = known.signing(now).number
        if number >= signing:
            text = f"Generation {number} signs, or is to sign: rotate, and retire it after that."
            raise InvalidRequest("generation", "in_use", text)
        lives = self._lives(which, known, number)
        if lives.is_needed_at(now) and not force:
            text = f"Generation {number} is needed: `secret list` says by what. --force ends that."
            raise InvalidRequest("generation", "in_use", text)
        for webhook in self._webhooks(which, number):
            self._move(webhook, signing, number)
        for key in self._keys(which, number):
            self.keys.expire(key, now)
        self.kept[which].keep(known.without(number))
        return lives

    def _lives(self, which: SecretName, known: Generations, number: int) -> SecretUsage:
        replaced_at = known.replaced_at(number)
        if which is SecretName.WEBHOOKS:
            until = None
        else:
            # Expiries are rounded up to the hour.
            until = replaced_at and replaced_at + LIFE + timedelta(hours=1)
        return SecretUsage(
            keys=_count(key.workspace for key in self._keys(which, number)),
            webhooks=_count(webhook.workspace for webhook in self._webhooks(which, number)),
            files_until=until,
        )

    def _keys(self, which: SecretName, number: int) -> Iterator[KeyRecord]:
        if which is not SecretName.SIGNING:
            return
        now = self.clock.now()
        for account in self.accounts.all():
            for key in self.keys.of_workspace(account.workspace):
                if key.secret == number and key.is_good_at(now):
                    yield key

    def _webhooks(self, which: SecretName, number: int) -> Iterator[Webhook]:
        if which is not SecretName.WEBHOOKS:
            return
        now = self.clock.now()
        for account in self.accounts.all():
            for webhook in self.webhooks.of_workspace(account.workspace):
                if webhook.lives_by(number, now):
                    yield webhook

    def _write_down_defaults(self, signing: int, now: datetime) -> None:
        """The generation that signs for requests' own webhooks, in each workspace that has none
        stored yet: it stays theirs.
        """
        for account in self.accounts.all():
            if self.webhooks.get(account.workspace, OF_REQUESTS) is None:
                self.webhooks.add(of_requests(account.workspace, now, signing))

    def _move(self, webhook: Webhook, signing: int, number: int) -> None:
        """Its receiver has to be given the new secret, which `GET /v1/webhooks` never shows: its
        owner rotates it once more, or reads that of requests.
        """
        for _ in range(_TRIES):
            moved = _without(webhook, number, signing)
            if self.webhooks.change(webhook, moved):
                return
            known = self.webhooks.get(webhook.workspace, webhook.id)
            if known is None:
                return
            webhook = known
        # Its generation must not go before it: nothing could sign its messages any more.
        raise Unavailable


def _without(webhook: Webhook, number: int, signing: int) -> Webhook:
    # With those that were replaced before the webhook knew what from: the first generation.
    first = [1] * (len(webhook.rotations) - len(webhook.rotated_from))
    known = (*first, *webhook.rotated_from)
    replaced = tuple(signing if one == number else one for one in known)
    derived_from = signing if webhook.derived_from == number else webhook.derived_from
    return replace(webhook.changed(derived_from=derived_from), rotated_from=replaced)


def _count(workspaces: Iterator[str]) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for workspace in workspaces:
        counted[workspace] = counted.get(workspace, 0) + 1
    return counted
