"""What a caller may ask for, and what they are given: the words of dialects and use cases."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.catalogue import Model
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Job, JobStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    workspace: str
    scopes: frozenset[str]
    key: str
    requests_per_minute: int | None = None  # the key's own limit, where it has one


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitJob:
    dialect: str
    request: ImageRequest
    wait: float = 0
    dry_run: bool = False
    idempotency_key: str | None = None
    # Over the request as it was sent: what the server fills in differs at each try.
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelJob:
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJob:
    job: str
    wait: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListJobs:
    limit: int = 20
    cursor: str | None = None
    status: JobStatus | None = None


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


Operation = (
    SubmitJob | CancelJob | ReadJob | ListJobs | ListModels | ReadModel | OpenFile | CheckHealth
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How much a caller may still ask for in this minute."""

    limit: int
    remaining: int
    resets_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    job: Job
    balance: int
    standing: Standing
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What a job would be and cost; nothing was stored."""

    request: ImageRequest
    price: int
    balance: int
    standing: Standing

    @property
    def total(self) -> int:
        return self.price * self.request.n


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    jobs: tuple[Job, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAt:
    """Where the bytes can be had for the next few minutes."""

    url: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Healthy:
    pass


Outcome = Submitted | Quoted | Job | JobPage | Models | Model | FileAt | Healthy
