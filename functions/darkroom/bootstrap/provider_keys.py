"""The operator's view of the providers: which have a key here, and whether it opens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from darkroom.aws.secrets import SecretUnreadable, read_secret, write_secret
from darkroom.bootstrap.providers import read_account
from darkroom.providers.interface import (
    Adapter,
    Failed,
    FailureKind,
    HttpReply,
    HttpRequest,
    NoAnswer,
)
from darkroom.providers.registry import Provider, providers
from darkroom.providers.replies import by_status, is_success
from darkroom.providers.sender import HttpSender

_CHECK_SECONDS = 20
_GOOD, _UNKNOWN = "good", "no harmless request is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderKeyStatus:
    name: str
    title: str
    enabled: bool  # this deployment asks it
    key: bool
    variables: tuple[str, ...]  # of a machine of one's own
    # What a harmless request with the key came to; None where none was made.
    check: str | None = None

    @property
    def is_unknown(self) -> bool:
        """There is a key, and no way to try it."""
        return self.check == _UNKNOWN

    @property
    def is_bad(self) -> bool:
        return self.check not in {None, _GOOD, _UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderKeys:
    enabled: frozenset[str]
    prefix: str
    secrets: Any
    sender: HttpSender

    def statuses(self, *, with_checks: bool) -> Iterator[ProviderKeyStatus]:
        """Raises LookupError where the secrets cannot be looked at: that is not "no key"."""
        for name, provider in providers().items():
            if not provider.keyless:
                account = self._account(name)
                yield ProviderKeyStatus(
                    name=name,
                    title=provider.title,
                    enabled=name in self.enabled,
                    key=bool(account),
                    variables=tuple(provider.variables.values()),
                    check=self._check(provider, account) if with_checks and account else None,
                )

    def fields(self, name: str, given: Iterable[str] = ()) -> frozenset[str]:
        """What an account there may have. Raises LookupError for a provider that is none, and for
        given fields that it does not have.
        """
        provider = _provider(name)
        known = frozenset({*provider.variables, *provider.also, "base_url"})
        unknown = sorted(set(given) - known)
        if unknown:
            said = f"{', '.join(unknown)}; it has {', '.join(sorted(known))}."
            raise LookupError(f"{provider.title} has no {said}")
        return known

    def keep(self, name: str, account: Mapping[str, str]) -> None:
        """Raises LookupError for a provider that is none, a field that it does not have, and an
        account with which it cannot be asked: what was kept before stays.
        """
        self.fields(name, account)
        provider = _provider(name)
        for field, value in account.items():
            # From a word processor, say: quotes that are none, a line break, an invisible mark.
            if not (value.isascii() and value.isprintable()):
                raise LookupError(f"{field} has a character that cannot be sent. Nothing is kept.")
        base = urlsplit(account.get("base_url", "https://usual"))
        if base.scheme not in {"http", "https"} or not base.netloc:
            raise LookupError("base_url is an address like https://… Nothing is kept.")
        try:
            _harmless(provider, account)
        except LookupError as lack:
            said = f"{provider.title} cannot be asked with this: {lack}. Nothing is kept."
            raise LookupError(said) from None
        write_secret(self.secrets, self.prefix + name, json.dumps(dict(account)))

    def _account(self, name: str) -> Mapping[str, str]:
        try:
            return read_account(read_secret(self.secrets, self.prefix + name))
        except SecretUnreadable as unreadable:
            cause = unreadable.__cause__
            if cause and not isinstance(cause, self.secrets.exceptions.ResourceNotFoundException):
                raise
            return {}

    def _check(self, provider: Provider, account: Mapping[str, str]) -> str:
        try:
            adapter, request = _harmless(provider, account)
            if request is None:
                return _UNKNOWN
            reply = self.sender.send(request, _CHECK_SECONDS)
        except LookupError as lack:
            return str(lack)
        except ValueError:
            return "an account that cannot be sent"
        except NoAnswer as nothing:
            return f"no answer: {nothing.reason}"
        return _GOOD if is_success(reply) else _verdict(adapter, reply)


def _provider(name: str) -> Provider:
    provider = providers().get(name)
    if provider is None or provider.keyless:
        raise LookupError(f"There is no provider {name} that asks for a key.")
    return provider


def _harmless(provider: Provider, account: Mapping[str, str]) -> tuple[Adapter, HttpRequest | None]:
    """Who builds the harmless request, and the request. Raises LookupError for what is lacking."""
    try:
        adapter = provider.adapter_for(account)
        request = adapter.check()
    except KeyError as missing:
        raise LookupError(f"no {missing.args[0]}") from None
    if request is None and not account.get("key"):
        raise LookupError("no key")
    return adapter, request


def _verdict(adapter: Adapter, reply: HttpReply) -> str:
    # The provider's own words first: some say 400 to a wrong key.
    said = adapter.read_start(reply)
    kind = said.kind if isinstance(said, Failed) else by_status(reply).kind
    # No model was asked for: it is the address that is wrong.
    return "nothing at this address" if kind is FailureKind.MODEL_GONE else str(kind)
