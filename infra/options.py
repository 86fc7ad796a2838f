"""The context keys: everything that a deployment may choose, with its default and its limits.

Each is given as `-c key=value`, to the CDK command line or to `python infra/app.py`. A value that
cannot be meant, or a key that does not exist, stops the synthesis with one line that names it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Self

from infra.addresses import read_cdn, read_domain, read_public_url
from infra.context_values import ContextValues, OptionError
from infra.errors import SynthesisError
from infra.provider_rows import provider_names
from infra.sizes import LEAST_UNRESERVED, MEDIUM, SHARDS, SIZES, SWEEPERS, WAITING_SHARE, Size

# What CloudWatch Logs accepts; it refuses any other number only at deployment.
LOG_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827)
# Stages that are thrown away: unless told otherwise, their data goes with the stack.
THROWAWAY_STAGES = frozenset({"local", "test"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

STAGE = re.compile(r"[A-Za-z0-9-]{1,20}")
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
NOT_EMPTY = re.compile(r"\S+")
HTTP = re.compile(r"https?://\S+[^/]")
HOST = re.compile(r"[A-Za-z0-9.-]+")
SECRET = re.compile(r"arn:aws[a-z-]*:secretsmanager:\S+")
HTTPS = re.compile(r"https://\S+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Ours are plain words. Those of CDK and its command line carry a colon, an at sign or a dash.
OUR_KEY = re.compile(r"[a-z_]+")


class UnknownOptionError(SynthesisError):
    def __init__(self, key: str, known: Sequence[str]) -> None:
        super().__init__(f"context key {key} does not exist; there are {', '.join(known)}")


class Bundle(StrEnum):
    """What an asset holds beside our own code."""

    AWS = "aws"  # the dependencies, built for Lambda
    CODE = "code"  # nothing: the local AWS runs handlers on this machine's interpreter


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Whose JWTs are taken beside our own keys; all empty for none."""

    issuer: str = ""
    audience: str = ""
    jwks_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes captions and enhances prompts, by an OpenAI-compatible chat endpoint; all empty
    for the writer that is built in.
    """

    url: str = ""
    model: str = ""
    secret: str = ""  # the ARN of the secret that holds its key, where it asks for one


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    stage: str
    size: Size
    log_level: str
    log_retention_days: int
    keep_data: bool
    versioning: bool
    worker_timeout: int
    worker_concurrency: int
    workspace_share: int
    webhook_concurrency: int
    reserved_concurrency: int | None
    api_reserved_concurrency: int | None
    waits_per_key: int
    waits_per_workspace: int
    throttle_rate: int
    throttle_burst: int
    cors_origins: tuple[str, ...]
    observability: bool
    alarm_email: str | None
    monthly_budget: int
    concurrency_quota: int
    stand_in: bool
    providers: tuple[str, ...]
    canary: bool
    snapstart: bool
    domain: str | None
    media_days: int
    cdn: bool
    cdn_certificate_arn: str | None
    waf: str
    hosted_zone: str | None
    certificate_arn: str | None
    public_url: str | None
    fetch_from: tuple[str, ...]
    event_archive_days: int
    event_log: bool
    tokens: Tokens
    writer: Writer
    bundle: Bundle

    @classmethod
    def names(cls) -> tuple[str, ...]:
        own = (field.name for field in fields(cls) if field.name not in {"tokens", "writer"})
        tokens = (f"jwt_{field.name}" for field in fields(Tokens))
        return (*own, *tokens, *(f"writer_{field.name}" for field in fields(Writer)))

    @classmethod
    def read(cls, context: Mapping[str, object]) -> Self:
        _refuse_unknown(context, cls.names())
        values = ContextValues(context)
        stage = values.text("stage", STAGE, "up to 20 letters, digits or dashes") or "dev"
        size = SIZES[values.choice("size", MEDIUM.name, tuple(SIZES))]
        worker_concurrency = values.number(
            "worker_concurrency", size.worker_concurrency, range(2, 1001)
        )
        alarm_email = _alarm_email(values)
        bundle = Bundle(values.choice("bundle", Bundle.AWS, tuple(Bundle)))
        return cls(
            stage=stage,
            size=size,
            log_level=values.choice("log_level", "INFO", LOG_LEVELS),
            log_retention_days=values.number("log_retention_days", 30, LOG_RETENTION_DAYS),
            keep_data=values.flag("keep_data", default=stage not in THROWAWAY_STAGES),
            # A deleted image is to be gone: keeping it for a while is for an operator to choose.
            versioning=values.flag("versioning", default=False),
            # Three tries and what lies between them fit into a job's 15 minutes.
            worker_timeout=values.number("worker_timeout", 120, range(10, 241)),
            worker_concurrency=worker_concurrency,
            workspace_share=values.number("workspace_share", size.workspace_share, range(1, 1001)),
            webhook_concurrency=values.number(
                "webhook_concurrency", size.webhook_concurrency, range(2, 1001)
            ),
            # Of the images within their workspaces' share, and as many of the backlog.
            reserved_concurrency=_reserved(values, "reserved_concurrency", 2 * worker_concurrency),
            api_reserved_concurrency=_reserved(values, "api_reserved_concurrency", 1)
            or size.api_reserved_concurrency,
            waits_per_key=values.number("waits_per_key", size.waits_per_key, range(1001)),
            waits_per_workspace=values.number(
                "waits_per_workspace", size.waits_per_workspace, range(1001)
            ),
            throttle_rate=values.number("throttle_rate", size.throttle_rate, range(1, 100_001)),
            throttle_burst=values.number("throttle_burst", size.throttle_burst, range(1, 100_001)),
            cors_origins=values.texts("cors_origins", ORIGIN, "origins like https://example.com"),
            observability=values.flag("observability", default=True),
            alarm_email=alarm_email,
            monthly_budget=_monthly_budget(values, alarm_email),
            # What the account may run at once; `make deploy` reads it.
            concurrency_quota=values.number("concurrency_quota", 1000, range(1, 1_000_001)),
            # For a machine without keys: the painter makes what no provider can be asked for.
            stand_in=values.flag("stand_in", default=False),
            providers=_providers(values),
            # Both off: what they change is how long a deployment takes, and what it costs.
            canary=values.flag("canary", default=False),
            snapstart=values.flag("snapstart", default=False),
            media_days=values.number("media_days", 0, range(3651)),
            **read_domain(values),
            **read_cdn(values),
            public_url=read_public_url(values, is_local=bundle is Bundle.CODE),
            fetch_from=values.texts("fetch_from", HOST, "names of hosts"),
            # Both off unless asked for: the local AWS knows no archives, and a log of everything
            # that happens is for an operator who wants to read along.
            event_archive_days=values.number("event_archive_days", 0, range(3651)),
            event_log=values.flag("event_log", default=False),
            tokens=_tokens(values),
            writer=_writer(values),
            bundle=bundle,
        )

    @property
    def background_concurrency(self) -> int:
        """How many functions may be at work at once beside those that answer clients."""
        of_queues = 2 * self.worker_concurrency + 2 * self.webhook_concurrency
        relays = SHARDS * self.size.relay_concurrency
        return of_queues + self.size.intake_concurrency + relays + SWEEPERS

    @property
    def waits_per_function(self) -> str:
        """Empty where nothing is reserved: what others leave is no number."""
        reserved = self.api_reserved_concurrency
        return "" if reserved is None else str(reserved // WAITING_SHARE)

    @property
    def all_reserved(self) -> int:
        return (self.reserved_concurrency or 0) + 2 * (self.api_reserved_concurrency or 0)

    @property
    def needed_concurrency(self) -> int:
        """The least quota with which nothing has to wait for another's function."""
        return self.background_concurrency + self.all_reserved + LEAST_UNRESERVED


def _reserved(values: ContextValues, key: str, least: int) -> int | None:
    """Off unless asked for: a fresh AWS account has no concurrency to spare for a reservation.

    The worker's below its mappings' maxima would throttle them, and each throttled message
    counts as a failed delivery on its way to the dead letter queue.
    """
    return values.number(key, least, range(least, 10_001)) if values.has(key) else None


def _providers(values: ContextValues) -> tuple[str, ...]:
    """Those that this deployment has keys for."""
    known = provider_names()
    named = values.texts("providers", NOT_EMPTY, "names of providers")
    if not set(named) <= set(known):
        raise OptionError("providers", f"some of {', '.join(known)}", ",".join(named))
    return named


def _tokens(values: ContextValues) -> Tokens:
    if not any(values.has(f"jwt_{field.name}") for field in fields(Tokens)):
        return Tokens()
    return Tokens(
        issuer=values.required("jwt_issuer", NOT_EMPTY, "the issuer of the tokens"),
        audience=values.required("jwt_audience", NOT_EMPTY, "the audience of the tokens"),
        jwks_url=values.required("jwt_jwks_url", HTTPS, "the https address of the issuer's keys"),
    )


def _writer(values: ContextValues) -> Writer:
    if not any(values.has(f"writer_{field.name}") for field in fields(Writer)):
        return Writer()
    return Writer(
        url=values.required("writer_url", HTTP, "the address of a chat endpoint, up to /v1"),
        model=values.required("writer_model", NOT_EMPTY, "the name of the endpoint's model"),
        secret=values.text("writer_secret", SECRET, "the ARN of a secret") or "",
    )


def _alarm_email(values: ContextValues) -> str | None:
    email = values.text("alarm_email", EMAIL, "an e-mail address")
    if email and not values.flag("observability", default=True):
        raise OptionError("alarm_email", "observability=1 beside it, or no address", email)
    return email


def _monthly_budget(values: ContextValues, email: str | None) -> int:
    """In USD; 0 for none."""
    dollars = values.number("monthly_budget", 0, range(1_000_001))
    if dollars and not email:
        raise OptionError("monthly_budget", "alarm_email beside it, for its mails", str(dollars))
    return dollars


def _refuse_unknown(context: Mapping[str, object], known: Sequence[str]) -> None:
    for key in context:
        if OUR_KEY.fullmatch(key) and key not in known:
            raise UnknownOptionError(key, known)
