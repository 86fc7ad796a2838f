"""What a caller may ask for: the words that dialects and use cases have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, Literal, TypeVar

from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.catalogue import Model
from darkroom.domain.equal_calls import CallTry
from darkroom.domain.field_names import OURS, FieldNames
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import CALL, ROUTE, Hook, Job, JobKind, JobStatus
from darkroom.domain.money import Account
from darkroom.domain.outcomes import (
    CallbackReceived,
    Description,
    Healthy,
    JobPage,
    Models,
    Quote,
    Schemas,
    Submitted,
)

Outcome = TypeVar("Outcome")
Outcome_co = TypeVar("Outcome_co", covariant=True)
# What costs something is counted by the workspace's account, all else by the process.
CountedBy = Literal["account", "process"] | None


class Operation(Generic[Outcome_co]):
    """One thing that may be asked for, by the type of what comes of it."""

    __slots__ = ()
    counted_by: ClassVar[CountedBy] = "process"  # as one of the requests that a minute allows


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    workspace: str
    scopes: frozenset[str]
    key: str
    requests_per_minute: int | None = None  # the key's own limit, where it has one
    request_id: str = ""  # of what it asks for now


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a dialect asks for one slot, under the name that its callers know."""

    name: str
    price: int
    tier: str | None = None  # the plan that a workspace needs for it


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionSource:
    """Earlier captions that the images are to go with."""

    job: str
    post_type: str | None = None  # None: all of them are considered


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    request: ImageRequest | CaptionRequest
    offer: Offer
    caption: CaptionSource | None = None
    collection: str | None = None
    # What the caller calls the fields of the request.
    fields: FieldNames = OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteJob(JobRequest, Operation[Quote]):
    """A dry run: checked as a submit is, and priced. Nothing is stored."""

    counted_by: ClassVar[CountedBy] = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronous:
    """Of a call whose answer brings the images."""

    route: str  # in whose form it is answered
    # Which of its client's tries it is; None where an idempotency key says that.
    tried: CallTry | None = None
    # Its client goes nowhere else to wait on.
    is_last_wait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitJob(JobRequest, Operation[Submitted]):
    counted_by: ClassVar[CountedBy] = "account"
    dialect: str
    terms: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    idempotency_key: str | None = None
    # Over the request as it was sent: what the server fills in differs at each try.
    fingerprint: str = ""
    webhook: Hook | None = None
    synchronous: Synchronous | None = None

    @property
    def job_terms(self) -> Mapping[str, str]:
        """With what a wait that goes on has to know of the call."""
        call = self.synchronous
        if call is None:
            return self.terms
        return {
            **self.terms,
            ROUTE: call.route,
            **({CALL: call.tried.call} if call.tried else {}),
        }

    def quote(self) -> QuoteJob:
        return QuoteJob(
            request=self.request,
            offer=self.offer,
            caption=self.caption,
            collection=self.collection,
            fields=self.fields,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelJob(Operation[Job]):
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJob(Operation[Job]):
    job: str
    wait: float = 0
    kind: JobKind | None = None  # None: either


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForJob(Operation[Submitted]):
    """Go on with the wait of a synchronous call, at the address that its answer named."""

    job: str
    dialect: str
    route: str
    wait: float
    is_last_wait: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListJobs(Operation[JobPage]):
    limit: int = 20
    cursor: str | None = None
    statuses: tuple[JobStatus, ...] = ()  # none: all
    kind: JobKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCallback(Operation[CallbackReceived]):
    """News of an image in the making, by the address that its provider was given."""

    workspace: str
    job: str
    slot: int
    token: str
    at: datetime
    headers: Mapping[str, str]  # those that may belong to a signature
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAccount(Operation[Account]):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListModels(Operation[Models]):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModel(Operation[Model]):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckHealth(Operation[Healthy]):
    counted_by: ClassVar[CountedBy] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDescription(Operation[Description]):
    """Of a dialect: what can be asked of it, and what it answers."""

    dialect: str
    form: Literal["json", "html"]


@dataclass(frozen=True, slots=True)
class ShowEventSchemas(Operation[Schemas]):
    name: str | None = None  # None: all of them
