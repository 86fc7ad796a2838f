"""What a caller may ask for, and what they are given: the words of dialects and use cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.field_names import OURS, FieldNames
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Hook, JobKind, JobStatus

if TYPE_CHECKING:
    # The api functions load what is of webhooks with the first request for it.
    from darkroom.domain.webhook_operations import WebhookOperation


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    workspace: str
    scopes: frozenset[str]
    key: str
    requests_per_minute: int | None = None  # the key's own limit, where it has one
    request_id: str = ""  # of what they ask for now


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
class SubmitJob:
    dialect: str
    request: ImageRequest | CaptionRequest
    offer: Offer
    caption: CaptionSource | None = None
    collection: str | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    dry_run: bool = False
    idempotency_key: str | None = None
    # Over the request as it was sent: what the server fills in differs at each try.
    fingerprint: str = ""
    webhook: Hook | None = None
    # What the caller calls the fields of the request.
    fields: FieldNames = OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelJob:
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJob:
    job: str
    wait: float = 0
    kind: JobKind | None = None  # None: either


@dataclass(frozen=True, slots=True, kw_only=True)
class ListJobs:
    limit: int = 20
    cursor: str | None = None
    statuses: tuple[JobStatus, ...] = ()  # none: all
    kind: JobKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCallback:
    """News of an image in the making, by the address that its provider was given."""

    workspace: str
    job: str
    slot: int
    token: str
    at: datetime
    headers: Mapping[str, str]  # those that may belong to a signature
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAccount:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadMedia:
    name: str
    body: bytes
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMedia:
    name: str | None
    url: str
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginUpload:
    """Ask for an address to upload to, for what is too large for a request."""

    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteUpload:
    media: str
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMedia:
    limit: int
    after: str | None = None  # those older than this one
    before: str | None = None  # those newer than this one
    only_ready: bool = False


@dataclass(frozen=True, slots=True)
class ReadMedia:
    media: str


@dataclass(frozen=True, slots=True)
class OpenMedia:
    media: str
    only_head: bool = False
    # The job that makes it, where the caller names that: the image may be waited for.
    job: str | None = None
    wait: float = 0


@dataclass(frozen=True, slots=True)
class DeleteMedia:
    media: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCollection:
    name: str
    description: str
    attributes: Mapping[str, Any]
    images: tuple[str, ...] = ()  # ids of media, or addresses on the web


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCollection:
    """Only what is given changes; attributes are changed one by one."""

    collection: str
    name: str | None = None
    description: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    images: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReadCollection:
    collection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCollections:
    limit: int
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class DeleteCollection:
    collection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListModels:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModel:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """A file by our signed address: the signature is the credential."""

    name: str
    expires: str
    kid: str
    signature: str
    only_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckHealth:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDescription:
    """Of a dialect: what can be asked of it, and what it answers."""

    dialect: str
    form: Literal["json", "html"]


@dataclass(frozen=True, slots=True)
class ShowEventSchemas:
    name: str | None = None  # None: all of them


Operation: TypeAlias = """(
    SubmitJob
    | CancelJob
    | ReadJob
    | ListJobs
    | ReadAccount
    | UploadMedia
    | ImportMedia
    | BeginUpload
    | CompleteUpload
    | ListMedia
    | ReadMedia
    | OpenMedia
    | DeleteMedia
    | CreateCollection
    | ChangeCollection
    | ReadCollection
    | ListCollections
    | DeleteCollection
    | ListModels
    | ReadModel
    | OpenFile
    | CheckHealth
    | ShowDescription
    | ShowEventSchemas
    | ReceiveCallback
    | WebhookOperation
)"""
