"""The providers by name, from the rows of providers.toml."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import cast

from darkroom.providers.interface import Adapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    title: str
    adapter: str
    # The field of the account → the variable that has it, on a machine of one's own.
    variables: Mapping[str, str] = field(default_factory=dict)
    account: Mapping[str, str] = field(default_factory=dict)
    keyless: bool = False
    in_process: bool = False  # part of every deployment, and never away
    trained: bool = True  # its images are those of a trained model
    # What it cannot be asked without: one of these sets.
    needs: Sequence[Sequence[str]] = (("key",),)
    also: Sequence[str] = ()

    def can_be_asked_with(self, account: Mapping[str, str]) -> bool:
        return self.keyless or any(
            all(account.get(part) for part in needed) for needed in self.needs
        )

    def adapter_for(self, account: Mapping[str, str]) -> Adapter:
        module, _, name = self.adapter.partition(":")
        # Imported when first asked for: a deployment has keys for few of them.
        found = importlib.import_module(f"darkroom.providers.{module}")
        return cast("Adapter", getattr(found, name)({**self.account, **account}))


@cache
def providers() -> Mapping[str, Provider]:
    text = resources.files("darkroom").joinpath("providers.toml").read_text("utf-8")
    return {name: Provider(**row) for name, row in tomllib.loads(text).items()}
