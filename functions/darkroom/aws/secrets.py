"""The deployment's one secret, from which each purpose has its own key."""

from __future__ import annotations

import hashlib
import hmac
from functools import cached_property
from typing import Any


class DerivedSecrets:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def derive(self, purpose: str) -> bytes:
        return hmac.new(self._root, purpose.encode(), hashlib.sha256).digest()

    @cached_property
    def _root(self) -> bytes:
        answer = self._client.get_secret_value(SecretId=self._name)
        return str(answer["SecretString"]).encode()
