"""Everything that can be wrong with a request, as facts; a dialect turns them into a reply.

    DarkroomError
    ├── InvalidRequest          a field, and what is wrong with it
    │   ├── TooLarge            the body, before it is read
    │   └── UnknownReference    an id in a field that names nothing of this workspace
    ├── Unauthenticated         no key, or one that opens nothing
    ├── Forbidden               a good key without the scope
    ├── WrongWorkspace          a good key, and the name of a workspace that is not its own
    ├── WorkspaceSuspended      the operator lets nothing new begin there
    ├── TierRequired            a model that the workspace's plan does not include
    ├── NotFound                unknown, or another workspace's: the two look the same
    ├── MethodNotAllowed        the path exists, the verb does not
    ├── IdempotencyKeyReused    the same key with another body
    ├── AlreadyFinished         a terminal job does not change
    ├── NotReady                a reference to what is not made yet, or never will be
    ├── InsufficientCredits     what was needed, what was there
    ├── RateLimited             how many are allowed, when to come back
    ├── TooManyInFlight         how many images may be on their way at once
    ├── StorageFull             how many bytes may be stored, how many are
    ├── TooManyToday            of what, how many are allowed, when to come back
    └── Unavailable             ours to mend; try again
        └── OutcomeUnknown      a job that may have been created, or not

Anything else that escapes is a bug: it is answered as an internal error and logged in full.
"""

from __future__ import annotations


class DarkroomError(Exception):
    """A request that cannot be served, with the facts that a message needs."""


class InvalidRequest(DarkroomError):  # noqa: N818 - the names say what happened, not that it did
    def __init__(self, field: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.reason = reason
        self.message = message


class TooLarge(InvalidRequest):
    def __init__(self, limit: int) -> None:
        super().__init__("body", "too_large", f"The body may be at most {limit:,} bytes.")
        self.limit = limit


class UnknownReference(InvalidRequest):
    def __init__(self, field: str) -> None:
        text = f"{field} names nothing that is in this workspace."
        super().__init__(field, "not_found", text)


class Unauthenticated(DarkroomError):  # noqa: N818
    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class Forbidden(DarkroomError):  # noqa: N818
    def __init__(self, scope: str) -> None:
        super().__init__(f"This key lacks the scope {scope}.")
        self.scope = scope


class WrongWorkspace(DarkroomError):  # noqa: N818
    def __init__(self) -> None:
        super().__init__("This key is not of that workspace.")


class WorkspaceSuspended(DarkroomError):  # noqa: N818
    def __init__(self) -> None:
        super().__init__("This workspace is suspended: nothing new is accepted.")


class TierRequired(DarkroomError):  # noqa: N818
    def __init__(self, model: str, tier: str) -> None:
        super().__init__(f"{model} is for workspaces of the {tier} tier.")
        self.model = model
        self.tier = tier


class NotFound(DarkroomError):  # noqa: N818
    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no such {kind}.")
        self.kind = kind


class MethodNotAllowed(DarkroomError):  # noqa: N818
    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(f"This path takes {', '.join(allowed)}.")
        self.allowed = allowed


class IdempotencyKeyReused(DarkroomError):  # noqa: N818
    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used before with another request.")


class AlreadyFinished(DarkroomError):  # noqa: N818
    def __init__(self, status: str) -> None:
        super().__init__(f"The job is {status} and cannot change any more.")
        self.status = status


class NotReady(DarkroomError):  # noqa: N818
    def __init__(self, kind: str, status: str, field: str = "") -> None:
        what = f"What {field} names" if field else f"The {kind}"
        super().__init__(f"{what} is {status} and cannot be used yet.")
        self.kind = kind
        self.state = status  # of a problem, `status` is the number of the answer


class InsufficientCredits(DarkroomError):  # noqa: N818
    def __init__(self, required: int, available: int, model: str = "") -> None:
        super().__init__(f"This job costs {required} credits and {available} are available.")
        self.required = required
        self.available = available
        self.model = model  # by the name that its caller knows


class RateLimited(DarkroomError):  # noqa: N818
    def __init__(self, limit: int, retry_after: int) -> None:
        super().__init__(f"At most {limit} requests a minute; try again in {retry_after} s.")
        self.limit = limit
        self.retry_after = retry_after


class TooManyInFlight(DarkroomError):  # noqa: N818
    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit} images may be on their way at once.")
        self.limit = limit
        # About the time of one image: what is on its way makes room.
        self.retry_after = 5


class StorageFull(DarkroomError):  # noqa: N818
    def __init__(self, limit: int, used: int) -> None:
        super().__init__(
            f"The storage of this workspace is full: it may have {limit:,} bytes of images and has"
            f" {used:,}. Delete some first."
        )
        self.limit = limit
        self.used = used


class TooManyToday(DarkroomError):  # noqa: N818
    def __init__(self, what: str, limit: int, retry_after: int) -> None:
        super().__init__(
            f"This workspace may have {limit:,} {what} a day; the next begins in {retry_after} s."
        )
        self.what = what
        self.limit = limit
        self.retry_after = retry_after


class Unavailable(DarkroomError):  # noqa: N818
    def __init__(
        self,
        retry_after: int = 1,
        text: str = "Darkroom cannot do this just now; try again.",
        *,
        is_undone: bool = False,
    ) -> None:
        """`is_undone`: nothing was written, and nothing is on its way."""
        super().__init__(text)
        self.retry_after, self.is_undone = retry_after, is_undone


class StillMaking(Unavailable):
    """A call that waits for its images has waited for as long as it can."""

    def __init__(self, job: str, *, repeat_joins: bool = True) -> None:
        what_to_do = (
            "Send the same request again: it goes on waiting for this job, and nothing is charged"
            " twice."
            if repeat_joins
            else "Read that job, or find its images in the library. A repeat of this request may"
            " make another job."
        )
        super().__init__(
            retry_after=2, text=f"The images of job {job} are still being made. {what_to_do}"
        )
        self.job = job
        self.repeat_joins = repeat_joins


class OutcomeUnknown(Unavailable):
    """The database gave no answer to the creation of this job, nor to the question after it."""

    def __init__(self, job: str) -> None:
        text = (
            f"The job {job} may have been created, or not: the database gave no answer. Read that"
            " job or cancel it before you send the request again; a repeat with the same"
            " Idempotency-Key never makes a second job."
        )
        super().__init__(retry_after=5, text=text)
        self.job = job
