"""Secrets: the deployment's own, from which each purpose has its key, and those of others."""

from __future__ import annotations

import hashlib
import hmac
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.aws.outages import is_outage


class SecretUnreadable(LookupError):  # noqa: N818 - what it is, not what to do about it
    """A secret is not there, holds no text, or may not be read.

    A LookupError: the operator's command tells those in a sentence.
    """

    def __init__(self, sentence: str, *, passes: bool = False) -> None:
        """`passes`: it may be there all the same, and AWS was not."""
        super().__init__(sentence)
        self.passes = passes


def read_secret(client: Any, name: str) -> str:
    """Raises SecretUnreadable."""
    try:
        return str(client.get_secret_value(SecretId=name)["SecretString"])
    except (BotoCoreError, ClientError, KeyError) as error:
        sentence = f"The secret {name} cannot be read: {error}"
        raise SecretUnreadable(sentence, passes=is_outage(error)) from error


def write_secret(client: Any, name: str, text: str) -> None:
    try:
        client.put_secret_value(SecretId=name, SecretString=text)
    except client.exceptions.ResourceNotFoundException:
        client.create_secret(Name=name, SecretString=text, Description="A provider's key")


class DerivedSecrets:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def derive(self, purpose: str) -> bytes:
        return hmac.new(self._root, purpose.encode(), hashlib.sha256).digest()

    @cached_property
    def _root(self) -> bytes:
        return read_secret(self._client, self._name).encode()
