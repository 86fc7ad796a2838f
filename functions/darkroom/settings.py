"""The environment of each function, read once and checked before the first request.

This is the only module that reads os.environ. The template gives each function exactly the
variables that its settings class names: the field `table_name` is the variable TABLE_NAME.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Self, dataclass_transform

# What a program needs to start, and no secret.
_TO_START = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")


def environment_to_start(environment: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """For a process that is to hold no credentials."""
    return {name: environment[name] for name in _TO_START if name in environment}


def function_version(environment: Mapping[str, str] = os.environ) -> str:
    """Which version of the function Lambda runs here; empty elsewhere."""
    return environment.get("AWS_LAMBDA_FUNCTION_VERSION", "")


class SettingsError(RuntimeError):
    """The environment lacks a variable, or holds one that cannot be read."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Variables:
    """A dataclass to its users, without the milliseconds of a cold start that making one takes."""

    def __init__(self, **values: str) -> None:
        names = self.names()
        if unknown := values.keys() - set(names):
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        missing = [name for name in names if name not in values and not hasattr(self, name)]
        if missing:
            variables = ", ".join(name.upper() for name in missing)
            raise SettingsError(f"{type(self).__name__} needs {variables}")
        vars(self).update(values)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        classes = (vars(one).get("__annotations__", {}) for one in reversed(cls.__mro__))
        return tuple(dict.fromkeys(name for annotations in classes for name in annotations))

    @classmethod
    def environment_names(cls) -> tuple[str, ...]:
        return tuple(name.upper() for name in cls.names())

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        given = {name: environment.get(name.upper()) for name in cls.names()}
        return cls(**{name: value for name, value in given.items() if value is not None})


class Settings(Variables):
    stage: str
    log_level: str
    table_name: str


# What several functions need: each of these classes goes with the ports that read it.


class BucketSettings(Settings):
    bucket_name: str
    media_days: str = "0"  # for which an image is kept; 0: for ever


class WebSettings(Settings):
    fetch_from: str  # hosts that may be called though they are not public, with commas


class CatalogueSettings(Settings):
    """What decides which models can be asked for."""

    providers: str  # by name, with commas
    stand_in: str  # "1": the painter makes what no provider here can be asked for


class ImageQueueSettings(Settings):
    images_queue_url: str
    backlog_queue_url: str  # of images beyond their workspace's share


class DeliverySettings(Settings):
    webhooks_queue_url: str
    slow_webhooks_queue_url: str
    webhooks_per_workspace: str  # how many deliveries of the first queue it has at once


class SigningSettings(Settings):
    signing_secret: str  # for API keys and the addresses of files


class WebhookSecretSettings(Settings):
    webhook_secret: str


class EventSettings(SigningSettings, DeliverySettings):
    public_url: str  # where clients reach the API


class BusSettings(EventSettings):
    event_bus_name: str


class ApiSettings(
    BucketSettings, WebSettings, CatalogueSettings, SigningSettings, WebhookSecretSettings
):
    waits_table_name: str
    # How many requests may wait for a job at once.
    waits_per_key: str
    waits_per_workspace: str
    waits_per_function: str = ""  # of all together; empty: as many as there are
    # What the addresses of files in answers begin with; empty: with where the request came.
    files_url: str = ""
    cdn_key: str = ""  # what CloudFront sends with each request; empty: no CloudFront
    # All empty: no tokens are taken, only keys of our own.
    jwt_issuer: str
    jwt_audience: str
    jwt_jwks_url: str


# The functions.


class SubmitSettings(ApiSettings, ImageQueueSettings, EventSettings):
    workspace_share: str


class StatusSettings(ApiSettings):
    pass


class WorkerSettings(BucketSettings, WebSettings, CatalogueSettings, ImageQueueSettings):
    lease_seconds: str
    provider_secrets: str  # what the names of the providers' secrets begin with
    public_url: str
    # An OpenAI-compatible chat endpoint, and the secret that holds its key; empty for none.
    writer_url: str
    writer_model: str
    writer_secret: str


class SweeperSettings(BucketSettings, ImageQueueSettings, DeliverySettings):
    lease_seconds: str
    dead_letter_queue_url: str


class RelaySettings(BusSettings):
    set_aside_queue_url: str  # for records that it cannot read


class WebhookSettings(WebSettings, DeliverySettings, WebhookSecretSettings):
    pass


class IntakeSettings(
    BucketSettings, WebSettings, CatalogueSettings, ImageQueueSettings, BusSettings
):
    workspace_share: str
    intake_queue_url: str
    intake_dead_letter_queue_url: str


class AdminSettings(BucketSettings, ImageQueueSettings, SigningSettings, WebhookSecretSettings):
    """The operator's command: not a function, so the template does not set its variables."""

    stage: str = "live"
    log_level: str = "INFO"
    providers: str = ""
    provider_secrets: str = "darkroom/"
    intake_dead_letter_queue_url: str = ""
    bucket_name: str = ""
    images_queue_url: str = ""
    backlog_queue_url: str = ""
