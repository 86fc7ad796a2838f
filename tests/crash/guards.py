"""Each guard that keeps the invariants, and how the harness takes it away, our code untouched.

With a guard gone some run must turn red: else either nothing needs it, or nothing tests it.
"""

from __future__ import annotations

from typing import Any

from darkroom.aws import job_creation, records, table
from darkroom.domain.due import Finding
from darkroom.domain.errors import Unavailable
from darkroom.usecases import process_slot, sweep
from tests.crash.call_guards import CALLS
from tests.crash.event_guards import TELLING
from tests.crash.guard import Guard
from tests.crash.removals import (
    blind,
    both,
    condition,
    never_finds,
    one_fingerprint,
    one_queue,
    port,
    unconditional,
)
from tests.crash.rewriting import answered, rewritten, split, widened

_IS_ACTIVE = "#status IN (:pending, :processing)"


class _SentOnce(table.Canceled):
    """Does not tell that a try before it had no answer."""

    def __init__(self, reasons: Any, **_: Any) -> None:
        super().__init__(reasons, may_have_been_sent_before=False)


_LEDGER, _JOB = "LEDGER#", "JOB#"

GUARDS = (
    Guard(
        name="lease_only_when_free",
        what="a slot is leased only when it waits or its lease ran out",
        removed=condition("slots.#slot.#status = :waiting", ":lease"),
        hints=("worker_and_worker@4.meanwhile_after", "worker_and_worker", "two_twice_backwards"),
    ),
    Guard(
        name="lease_respects_time",
        what="a lease that runs still is not taken away",
        removed=condition("slots.#slot.lease.#until < :now", ":lease"),
        hints=(
            "worker_and_worker@4.meanwhile_after",
            "worker_and_worker",
        ),
    ),
    Guard(
        name="finish_with_own_token",
        what="who lost the lease cannot finish the image",
        removed=condition("slots.#slot.lease.#token = :token", ":finished"),
        hints=(
            "worker_oversleeps_and_fails@4.meanwhile_after",
            "worker_oversleeps_and_fails",
            "worker_oversleeps",
        ),
    ),
    Guard(
        name="finish_while_going_on",
        what="no image of an ended job is finished; its token, gone with the end, says so too",
        removed=both(
            condition("slots.#slot.lease.#token = :token", ":finished"),
            condition(_IS_ACTIVE, ":finished"),
        ),
        hints=("worker_and_cancel@4.meanwhile_after", "worker_and_cancel", "worker_past_deadline"),
    ),
    Guard(
        name="end_of_what_was_read",
        what="a job is ended only as it was read, by status and version",
        removed=condition(f"{_IS_ACTIVE} AND version = :version", ":version"),
        hints=(
            "cancel_beside_another@7.meanwhile_after",
            "cancel_beside_another",
            "worker_and_cancel",
        ),
    ),
    Guard(
        name="end_by_version",
        what="a job is ended only as it was read, by version",
        removed=condition("version = :version", ":pending", ":version"),
        hints=(
            "cancel_and_one_worker@4.meanwhile_after",
            "cancel_and_one_worker",
        ),
    ),
    Guard(
        name="save_by_version",
        what="the sweeper saves a job only as it was read",
        removed=lambda world: rewritten(
            world,
            lambda write: (
                widened(write, "version = :version", (":version",))
                if ":pending" not in str(write)
                else None
            ),
        ),
        hints=("sweeper_and_worker@9.meanwhile_after", "sweeper_and_worker", "sweeper_and_cancel"),
    ),
    Guard(
        name="hold_within_balance",
        what="no credit is held that is not there",
        removed=condition("balance >= :total", ":room"),
        hints=(
            "two_submits_credit_for_one@1.meanwhile_after",
            "two_submits_credit_for_one",
            "credit_for_one",
        ),
    ),
    Guard(
        name="hold_within_room",
        what="no more images are in flight than allowed",
        removed=condition("in_flight <= :room", ":room"),
        hints=("room_for_one",),
    ),
    Guard(
        name="share_within_hold",
        what="of two jobs at once only one gets the last of their workspace's share",
        removed=condition("in_flight < :share", ":share"),
        hints=("two_submits_share_for_one@1.meanwhile_after", "two_submits_share_for_one"),
    ),
    Guard(
        name="queue_of_the_backlog",
        what="whatever sends an image beyond its workspace's share sends it to the backlog",
        removed=one_queue,
        hints=("backlog",),
    ),
    Guard(
        name="job_and_hold_once",
        what="a job is created once, even where AWS does not know the transaction again",
        removed=unconditional(_JOB, _LEDGER),
        hints=("two@2.response_lost", "two", "one"),
        knows_tokens=False,
    ),
    Guard(
        name="end_and_charge_once",
        what="a job is charged once: its state, what is held and the ledger all say so",
        removed=both(
            condition(f"{_IS_ACTIVE} AND version = :version", ":version"),
            condition("held >= :total", ":captured"),
            unconditional(_LEDGER),
        ),
        hints=(
            "worker_and_neighbour@13.meanwhile_after",
            "worker_and_neighbour",
            "cancel_and_worker",
        ),
    ),
    Guard(
        name="one_job_a_key",
        what="an idempotency key is claimed once",
        removed=lambda world: rewritten(
            world, lambda write: widened(write, "attribute_not_exists(pk) OR expires_at < :now", ())
        ),
        hints=("two_submits_one_key@0.meanwhile_before", "two_submits_one_key", "one"),
    ),
    Guard(
        name="one_request_a_key",
        what="a key with another request is refused",
        removed=one_fingerprint,
        hints=("key_reused",),
    ),
    Guard(
        name="lost_answer_of_create",
        what="a creation that was sent twice is known by its hold",
        removed=port(table, "Canceled", _SentOnce),
        hints=(
            "two@2.response_lost",
            "two",
        ),
        knows_tokens=False,
    ),
    Guard(
        name="late_creation_is_refused",
        what="a creation that comes after its client was told to try again finds its place taken",
        removed=lambda world: answered(world, "submit", "PutItem", {}),
        hints=("two@2.late", "two"),
    ),
    Guard(
        name="lost_answer_of_creation",
        what="a job whose creation had no answer at all is known by its hold",
        removed=unconditional(_LEDGER),
        hints=("two@2.never_answered", "two"),
    ),
    Guard(
        name="unknown_creation_is_named",
        what="a client is told the id of a job that may have been created",
        removed=port(job_creation, "OutcomeUnknown", lambda _job: Unavailable()),
        hints=("two@2.never_answered@5.never_answered",),
    ),
    Guard(
        name="lost_answer_of_lease",
        what="a lease that was given is known again by its token",
        removed=blind(":lease"),
        hints=(
            "one@4.response_lost",
            "one",
        ),
    ),
    Guard(
        name="lost_answer_of_finish",
        what="an image that was finished is known again by its content",
        removed=blind(":finished"),
        hints=(
            "one@8.response_lost",
            "one",
        ),
    ),
    Guard(
        name="files_written_once",
        what="a file that is there is not written over",
        removed=lambda world: rewritten(
            world, lambda put: put.pop("IfNoneMatch", None), operations=["s3.PutObject"]
        ),
        hints=(
            "worker_oversleeps@4.meanwhile_after",
            "worker_oversleeps",
        ),
    ),
    Guard(
        name="limited_tries",
        what="an image is tried so often and no more",
        removed=port(process_slot, "MAX_LEASES", 10**6),
        hints=("one_of_two_fails",),
    ),
    Guard(
        name="sweeper_sends_again",
        what="images whose message was lost are sent again",
        removed=never_finds(Finding.STRANDED),
        hints=("sends_lost", "one"),
    ),
    Guard(
        name="sweeper_settles",
        what="a job whose images have ended is settled, and before its deadline",
        removed=never_finds(Finding.UNSETTLED),
        hints=(
            "message_lost_with_its_worker@8.crash_after",
            "message_lost_with_its_worker",
        ),
    ),
    Guard(
        name="sweeper_ends_late_jobs",
        what="a job past its deadline is ended",
        removed=never_finds(Finding.TOO_LATE),
        hints=("one_never_arrives",),
    ),
    Guard(
        name="sweeper_clears_files",
        what="files of images that failed are removed",
        removed=port(sweep, "_clear", lambda *_: None),
        hints=(
            "worker_dies_after_cancel@6.meanwhile_before",
            "worker_dies_after_cancel",
        ),
    ),
    Guard(
        name="dead_letters_are_read",
        what="an image that no worker survives is given up",
        removed=port(sweep.DeadLetterHandler, "handle_all", lambda *_: iter(())),
        hints=("no_worker_starts",),
    ),
    Guard(
        name="parked_by_token",
        what="a look belongs to one message: another finds its lease gone",
        removed=condition("slots.#slot.lease.#token = :held", ":held"),
        hints=("parked_and_worker@8.meanwhile_after", "parked_and_worker"),
    ),
    Guard(
        name="handle_is_kept",
        what="what a provider has begun is written down before anybody waits",
        removed=port(records, "_read_pending", lambda _values: None),
        hints=("parked",),
    ),
    Guard(
        name="worker_clears_up",
        what="a worker whose job ended meanwhile takes its files away at once",
        removed=port(process_slot.SlotProcessor, "_clear_up", lambda *_: None),
        hints=(
            "worker_and_cancel@4.meanwhile_after",
            "worker_and_cancel",
        ),
    ),
    Guard(
        name="create_in_one",
        what="job, hold, ledger and key are written together",
        removed=lambda world: split(world, ":room"),
        hints=("one@2.crash_after", "one", "two"),
    ),
    Guard(
        name="end_in_one",
        what="job, charge, refund, ledger and library are written together",
        removed=lambda world: split(world, ":captured"),
        hints=("one@9.crash_after", "one", "cancel_between"),
    ),
    *CALLS,
    *TELLING,
)
BY_NAME = {guard.name: guard for guard in GUARDS}
