"""The environment of each function, read once and checked before the first request.

This is the only module that reads os.environ. The template gives each function exactly the
variables that its settings class names: the field `table_name` is the variable TABLE_NAME.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Self

# What a program needs to start, and no secret.
_TO_START = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")


def environment_to_start(environment: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """For a process that is to hold no credentials."""
    return {name: environment[name] for name in _TO_START if name in environment}


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
class GenerationSettings(Settings):
    """What decides which models can be asked for, and which addresses may be looked at."""

    bucket_name: str
    providers: str  # by name, with commas
    stand_in: str  # "1": the painter makes what no provider here can be asked for
    fetch_from: str  # hosts that are looked at though they are not public, with commas


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings(GenerationSettings):
    signing_secret: str  # for API keys and the addresses of files
    webhook_secret: str
    waits_table_name: str
    # How many requests may wait for a job at once.
    waits_per_key: str
    waits_per_workspace: str
    # All empty: no tokens are taken, only keys of our own.
    jwt_issuer: str
    jwt_audience: str
    jwt_jwks_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitSettings(ApiSettings):
    images_queue_url: str
    backlog_queue_url: str  # of images beyond their workspace's share
    workspace_share: str
    webhooks_queue_url: str
    slow_webhooks_queue_url: str
    webhooks_per_workspace: str  # how many couriers of the first queue it has at once
    public_url: str  # where clients reach the API


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSettings(ApiSettings):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings(GenerationSettings):
    images_queue_url: str
    backlog_queue_url: str  # of images beyond their workspace's share
    lease_seconds: str
    provider_secrets: str  # what the names of the providers' secrets begin with
    public_url: str
    # An OpenAI-compatible chat endpoint, and the secret that holds its key; empty for none.
    writer_url: str
    writer_model: str
    writer_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SweeperSettings(Settings):
    bucket_name: str
    lease_seconds: str
    images_queue_url: str
    backlog_queue_url: str  # of images beyond their workspace's share
    dead_letter_queue_url: str
    webhooks_queue_url: str
    slow_webhooks_queue_url: str
    webhooks_per_workspace: str  # how many couriers of the first queue it has at once


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySettings(Settings):
    event_bus_name: str
    webhooks_queue_url: str
    slow_webhooks_queue_url: str
    webhooks_per_workspace: str  # how many couriers of the first queue it has at once
    set_aside_queue_url: str  # for records that it cannot read
    signing_secret: str
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings(Settings):
    webhooks_queue_url: str
    slow_webhooks_queue_url: str
    webhooks_per_workspace: str  # how many couriers of the first queue it has at once
    webhook_secret: str
    fetch_from: str  # hosts that are called though they are not public, with commas


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings(GenerationSettings):
    images_queue_url: str
    backlog_queue_url: str  # of images beyond their workspace's share
    workspace_share: str
    intake_queue_url: str
    intake_dead_letter_queue_url: str
    event_bus_name: str
    webhooks_queue_url: str
    slow_webhooks_queue_url: str
    webhooks_per_workspace: str  # how many couriers of the first queue it has at once
    signing_secret: str
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSettings(Settings):
    """The operator's command: not a function, so the template does not set its variables."""

    signing_secret: str
    webhook_secret: str
    stage: str = "live"
    log_level: str = "INFO"
    providers: str = ""
    provider_secrets: str = "darkroom/"
    intake_dead_letter_queue_url: str = ""
