"""The providers that this deployment has keys for."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from darkroom.aws.secrets import SecretUnreadable, read_secret
from darkroom.providers.google_account import KIND as SERVICE_ACCOUNT
from darkroom.providers.interface import Adapter, NoAnswer
from darkroom.providers.registry import Provider, providers

# A key that its owner has changed is used after this at the latest.
_KEPT_SECONDS = 300


class Adapters:
    """Each provider's adapter with its account, read from its secret when it is first needed."""

    def __init__(
        self,
        secrets_client: Callable[[], Any],
        prefix: str,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secrets = secrets_client
        self._prefix = prefix
        self._stopwatch = stopwatch
        self._made: dict[str, tuple[float, Adapter]] = {}

    def of(self, name: str) -> Adapter:
        """Raises LookupError for a provider that is none, or that has no key here; NoAnswer where
        cannot be read just now.
        """
        now = self._stopwatch()
        if name in self._made and now - self._made[name][0] < _KEPT_SECONDS:
            return self._made[name][1]
        try:
            provider = providers()[name]
            account = self._account(name, provider)
            if not provider.can_be_asked_with(account):
                raise LookupError(f"the account at {provider.title} lacks something")
            adapter = provider.adapter_for(account)
        except SecretUnreadable as unreadable:
            if name not in self._made:
                if unreadable.is_temporary:
                    raise NoAnswer("secret_unreadable", arrived=False) from None
                raise
            # It was there a moment ago: whatever this is, the key that we have may well open.
            adapter = self._made[name][1]
        self._made[name] = (now, adapter)
        return adapter

    def _account(self, name: str, provider: Provider) -> Mapping[str, str]:
        if provider.keyless:
            return {}
        return read_account(read_secret(self._secrets(), self._prefix + name))


def read_account(text: str) -> Mapping[str, str]:
    """A secret's content: the key as it is, a JSON object with all that belongs to it, or a Google
    service account's file.
    """
    text = text.strip()
    if not text:
        raise SecretUnreadable("The provider's secret is empty.")
    if not text.startswith("{"):
        return {"key": text}
    try:
        values: dict[str, Any] = json.loads(text)
    except ValueError:
        raise SecretUnreadable("A provider's secret is a key, or a JSON object.") from None
    if values.get("type") == SERVICE_ACCOUNT:
        values = {SERVICE_ACCOUNT: values}
    return {name: _as_text(value) for name, value in values.items() if value}


def _as_text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict) else str(value).strip()
