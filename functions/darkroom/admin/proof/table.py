"""All checks of the proof, in the order in which they are run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from darkroom.admin.diagnosis.finding import NEEDS_AWS
from darkroom.admin.proof import api, platform, work
from darkroom.admin.proof.facts import Disproved, Facts, NotShown, check_account_free
from darkroom.admin.proof.report import Outcome, Result
from darkroom.admin.proof.workspace import ProofWorkspace


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofCheck:
    name: str
    shows: str
    run: Callable[[ProofWorkspace], Facts]
    usd: float  # by list prices, rounded up
    seconds: int  # at most, usually
    needs_aws: bool = False


CHECKS = (
    ProofCheck(
        name="image",
        shows="a job is made, stored, and its file answered",
        run=api.make_one_image,
        usd=0.001,
        seconds=30,
    ),
    ProofCheck(
        name="paths",
        shows="escapes in paths are decoded once",
        run=api.decode_paths_once,
        usd=0.001,
        seconds=10,
    ),
    ProofCheck(
        name="stream",
        shows="changes of the table are delivered to webhooks",
        run=work.deliver_webhooks,
        usd=0.001,
        seconds=60,
    ),
    ProofCheck(
        name="sizes",
        shows="files of 4.4, 5 and 11 MB are answered",
        run=api.answer_large_files,
        usd=0.01,
        seconds=120,
    ),
    ProofCheck(
        name="browser",
        shows="a page of an allowed origin may call and fetch",
        run=api.let_pages_fetch,
        usd=0.001,
        seconds=30,
    ),
    ProofCheck(
        name="browser redirect",
        shows="a page reads a file that S3 answers",
        run=api.read_large_file_from_page,
        usd=0.005,
        seconds=60,
        needs_aws=True,
    ),
    ProofCheck(
        name="large body",
        shows="the gateway refuses a body of 11 MB",
        run=api.refuse_large_bodies,
        usd=0.001,
        seconds=30,
        needs_aws=True,
    ),
    ProofCheck(
        name="cold starts",
        shows="functions start from their bundles, and how fast",
        run=platform.start_functions,
        usd=0.01,
        seconds=300,
        needs_aws=True,
    ),
    ProofCheck(
        name="roles",
        shows="no function's role may do what none needs",
        run=platform.deny_by_roles,
        usd=0.0,
        seconds=20,
        needs_aws=True,
    ),
    ProofCheck(
        name="fair queues",
        shows="a flood of one workspace keeps no other waiting",
        run=work.keep_queues_fair,
        usd=0.05,
        seconds=180,
        needs_aws=True,
    ),
    ProofCheck(
        name="alarm mail",
        shows="an alarm is delivered to its subscriber",
        run=platform.mail_alarms,
        usd=0.01,
        seconds=300,
        needs_aws=True,
    ),
    ProofCheck(
        name="expiry",
        shows="DynamoDB deletes what has expired",
        run=work.expire_items,
        usd=0.001,
        seconds=2400,
        needs_aws=True,
    ),
)


def run_check(check: ProofCheck, workspace: ProofWorkspace) -> tuple[Outcome, Exception | None]:
    """What came of it, and the error for the operator's eyes: a report names none in full."""
    started = time.monotonic()
    facts: Facts = {}
    error: Exception | None = None
    if check.needs_aws and workspace.deployment.is_local:
        result, reason = Result.OPEN, NEEDS_AWS
    else:
        try:
            found = check.run(workspace)
            check_account_free(found)
            facts, result, reason = dict(found), Result.SHOWN, ""
        except NotShown as open_one:
            result, reason, error = Result.OPEN, str(open_one), open_one
        except Disproved as wrong:
            result, reason, error = Result.WRONG, str(wrong), wrong
        except ClientError as refused:
            code = refused.response.get("Error", {}).get("Code", "")
            result, reason, error = Result.OPEN, f"refused: {code}", refused
        except (BotoCoreError, httpx.HTTPError, LookupError, ValueError) as fault:
            result, reason, error = Result.WRONG, type(fault).__name__, fault
    seconds = round(time.monotonic() - started, 1)
    outcome = Outcome(
        name=check.name, result=result, seconds=seconds, reason=_publishable(reason), facts=facts
    )
    return outcome, error


def _publishable(reason: str) -> str:
    try:
        check_account_free(reason)
    except ValueError:
        return "a reason that a report may not say"
    return reason
