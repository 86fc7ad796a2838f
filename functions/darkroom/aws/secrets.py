"""Secrets: the deployment's own, from which each purpose has its key, and those of others."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from darkroom.aws.outages import is_outage
from darkroom.domain.ports import Clock
from darkroom.domain.secrets import Generations, read_generations, written

# A generation that the operator has added is known everywhere after this.
REMEMBERED = timedelta(minutes=5)


class SecretUnreadable(LookupError):  # noqa: N818 - what it is, not what to do about it
    """A secret is not there, holds no text, or may not be read.

    A LookupError: the operator's command tells those in a sentence.
    """

    def __init__(self, sentence: str, *, is_temporary: bool = False) -> None:
        """`passes`: it may be there all the same, and AWS was not."""
        super().__init__(sentence)
        self.is_temporary = is_temporary


def read_secret(client: Any, name: str) -> str:
    """Raises SecretUnreadable."""
    try:
        return str(client.get_secret_value(SecretId=name)["SecretString"])
    except (BotoCoreError, ClientError, KeyError) as error:
        sentence = f"The secret {name} cannot be read: {error}"
        raise SecretUnreadable(sentence, is_temporary=is_outage(error)) from error


def write_secret(client: Any, name: str, text: str) -> None:
    try:
        client.put_secret_value(SecretId=name, SecretString=text)
    except client.exceptions.ResourceNotFoundException:
        client.create_secret(Name=name, SecretString=text, Description="A provider's key")


class DerivedSecrets:
    def __init__(self, client: Any, name: str, clock: Clock) -> None:
        self._client = client
        self._name = name
        self._clock = clock
        self._kept: Generations | None = None
        self._read_at: datetime | None = None

    def generations(self) -> Sequence[int]:
        known = self._known()
        signing = known.signing(self._clock.now()).number
        others = (one.number for one in reversed(known.all) if one.number != signing)
        return (signing, *others)

    def derive(self, purpose: str, generation: int) -> bytes:
        text = self._known().text_of(generation)
        return hmac.new(text.encode(), purpose.encode(), hashlib.sha256).digest()

    def _known(self) -> Generations:
        now = self._clock.now()
        if self._kept is None or self._read_at is None or now - self._read_at >= REMEMBERED:
            self._read_at = now
            try:
                self._kept = read_generations(read_secret(self._client, self._name))
            except SecretUnreadable:
                # It was there a moment ago: what we have is most likely still right.
                if self._kept is None:
                    raise
        return self._kept


class SecretGenerations:
    """A secret of the deployment, for the operator: to be read and replaced as a whole."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def read(self) -> Generations:
        """Raises SecretUnreadable."""
        return read_generations(read_secret(self._client, self._name))

    def keep(self, generations: Generations) -> None:
        self._client.put_secret_value(SecretId=self._name, SecretString=written(generations))
