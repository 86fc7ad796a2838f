"""Whose request is this? The workspace comes from the credential, and from nothing else."""

from __future__ import annotations

from darkroom.domain.api_key import hash_key, is_well_formed
from darkroom.domain.errors import Forbidden, Unauthenticated
from darkroom.domain.operations import Caller
from darkroom.domain.ports import Clock, Keys, Tokens
from darkroom.domain.secrets import Secrets

_DOTS_OF_A_TOKEN = 2


def authenticate(
    credential: str | None,
    scope: str,
    *,
    keys: Keys,
    secrets: Secrets,
    tokens: Tokens | None,
    clock: Clock,
) -> Caller:
    if not credential:
        raise Unauthenticated("missing", "Send your key as `Authorization: Bearer <key>`.")
    if tokens is not None and credential.count(".") == _DOTS_OF_A_TOKEN:
        caller = tokens.verify(credential)
    else:
        caller = _of_key(credential, keys, secrets, clock)
    if scope not in caller.scopes:
        raise Forbidden(scope)
    return caller


def _of_key(credential: str, keys: Keys, secrets: Secrets, clock: Clock) -> Caller:
    if not is_well_formed(credential):
        raise Unauthenticated("malformed", "This is not a key of Darkroom; is it complete?")
    hashes = [hash_key(credential, secrets, number) for number in secrets.generations()]
    record = keys.find(hashes)
    if record is None or not record.is_good_at(clock.now()):
        raise Unauthenticated("unknown", "This key opens nothing here.")
    return Caller(
        workspace=record.workspace,
        scopes=record.scopes,
        key=record.id,
        requests_per_minute=record.requests_per_minute,
    )
