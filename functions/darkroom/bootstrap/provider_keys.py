"""The operator's view of the providers: which have a key here, and whether it opens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.aws.secrets import SecretUnreadable, read_secret, write_secret
from darkroom.bootstrap.providers import read_account
from darkroom.providers.exchange import NoAnswer, Sender
from darkroom.providers.registry import Provider, providers
from darkroom.providers.replies import by_status, is_success


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    name: str
    title: str
    enabled: bool  # this deployment asks it
    key: bool
    # What a harmless request with the key came to; None where none was made.
    check: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderKeys:
    enabled: frozenset[str]
    prefix: str
    secrets: Any
    sender: Sender

    def standings(self, *, with_checks: bool) -> Iterator[Standing]:
        for name, provider in providers().items():
            if not provider.keyless:
                account = self._account(name)
                yield Standing(
                    name=name,
                    title=provider.title,
                    enabled=name in self.enabled,
                    key=bool(account),
                    check=self._check(provider, account) if with_checks and account else None,
                )

    def keep(self, name: str, account: Mapping[str, str]) -> None:
        """Raises LookupError for a provider that is none, or a field that it does not have."""
        provider = providers().get(name)
        if provider is None or provider.keyless:
            raise LookupError(f"There is no provider {name} that asks for a key.")
        known = {*provider.variables, "base_url"}
        unknown = sorted(account.keys() - known)
        if unknown:
            said = f"{', '.join(unknown)}; it has {', '.join(sorted(known))}."
            raise LookupError(f"{provider.title} has no {said}")
        write_secret(self.secrets, self.prefix + name, json.dumps(dict(account)))

    def _account(self, name: str) -> Mapping[str, str]:
        try:
            return read_account(read_secret(self.secrets, self.prefix + name))
        except SecretUnreadable:
            return {}

    def _check(self, provider: Provider, account: Mapping[str, str]) -> str:
        try:
            request = provider.adapter_for(account).check()
        except KeyError as missing:
            return f"no {missing.args[0]}"
        if request is None:
            return "no harmless request is known"
        try:
            reply = self.sender.send(request)
        except NoAnswer as nothing:
            return f"no answer: {nothing.reason}"
        return "good" if is_success(reply) else by_status(reply).trouble
