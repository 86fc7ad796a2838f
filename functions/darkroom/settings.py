"""The environment of each function, read once and checked before the first request.

This is the only module that reads os.environ. The template gives each function exactly the
variables that its settings class names: the field `table_name` is the variable TABLE_NAME.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Self


class SettingsError(RuntimeError):
    """The environment lacks a variable, or holds one that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    stage: str
    log_level: str
    table_name: str

    @classmethod
    def environment_names(cls) -> tuple[str, ...]:
        return tuple(field.name.upper() for field in fields(cls))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        missing = [
            field.name.upper()
            for field in fields(cls)
            if field.name.upper() not in environment and field.default is MISSING
        ]
        if missing:
            raise SettingsError(f"{cls.__name__} needs {', '.join(missing)}")
        values = {
            field.name: environment[field.name.upper()]
            for field in fields(cls)
            if field.name.upper() in environment
        }
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings(Settings):
    signing_secret: str
    # All empty: no tokens are taken, only keys of our own.
    jwt_issuer: str
    jwt_audience: str
    jwt_jwks_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitSettings(ApiSettings):
    images_queue_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSettings(ApiSettings):
    bucket_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings(Settings):
    bucket_name: str
    images_queue_url: str
    lease_seconds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SweeperSettings(Settings):
    bucket_name: str
    images_queue_url: str
    dead_letter_queue_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSettings(Settings):
    """The operator's command: not a function, so the template does not set its variables."""

    signing_secret: str
    stage: str = "live"
    log_level: str = "INFO"
