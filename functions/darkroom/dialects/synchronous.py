"""Routes whose answer brings the images: a wait that a gateway would cut goes on at an address.

API Gateway gives up after 30 seconds. Before that the answer is a redirect to the same path, for
the job that the call has made; following it makes no job.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from darkroom.dialects.context import RequestContext
from darkroom.dialects.headers import LONGEST_WAIT
from darkroom.dialects.parameters import Id, Integer
from darkroom.dialects.wire import Request
from darkroom.domain.equal_calls import CallTry
from darkroom.domain.errors import MethodNotAllowed
from darkroom.domain.job import ROUTE
from darkroom.domain.operations import SubmitJob, Synchronous, WaitForJob
from darkroom.domain.outcomes import Submitted

# Of aiohttp the most that it follows is ten.
MOST_REDIRECTS = 9
JOB = Id("darkroom_job", "job", "The job whose images are waited for.")
REDIRECT = Integer("darkroom_redirect", 1, 1, MOST_REDIRECTS, "Which of the redirects this is.")
_LONGEST_COUNT = 3  # digits
# By their User-Agent: n8n follows no redirect of a POST.
_FOLLOW_NOTHING = frozenset({"n8n"})


def synchronous(submit: SubmitJob, route: str, context: RequestContext) -> SubmitJob:
    """The submit of a route whose answer brings the images."""
    request = context.request
    tried = None
    if submit.idempotency_key is None:
        asked = (context.workspace, context.caller_key, submit.dialect, route, context.fingerprint)
        call = hashlib.sha256("\n".join(asked).encode()).hexdigest()
        tried = CallTry(call=call, number=_number_of_try(request))
    return replace(
        submit,
        synchronous=Synchronous(
            route=route,
            tried=tried,
            is_last_wait=request.headers.get("user-agent", "") in _FOLLOW_NOTHING,
        ),
    )


def _number_of_try(request: Request) -> int:
    """As the SDKs of OpenAI and others count them; the first one is 0."""
    given = request.headers.get("x-stainless-retry-count", "")
    is_count = given.isascii() and given.isdigit() and len(given) <= _LONGEST_COUNT
    return int(given) if is_count else 0


def wait_on(route: str, context: RequestContext) -> WaitForJob:
    """Raises MethodNotAllowed where no job is named: without one, the path is for calls."""
    if JOB.name not in context.request.query:
        raise MethodNotAllowed(("POST",))
    return WaitForJob(
        job=context.query(JOB),
        dialect=context.dialect,
        route=route,
        wait=LONGEST_WAIT,
        is_last_wait=context.query(REDIRECT) == MOST_REDIRECTS,
    )


def goes_on(outcome: Any) -> bool:
    """Of a call whose images are waited for and not made yet."""
    if not isinstance(outcome, Submitted):
        return False
    return ROUTE in outcome.job.terms and not outcome.job.status.is_terminal


def next_wait(job: str, request: Request) -> Mapping[str, str]:
    """The headers of the redirect: on the same origin, with what the query said."""
    number = 1 if request.method == "POST" else REDIRECT.read(request.query) + 1
    query: dict[str, Any] = {**request.query, JOB.name: job, REDIRECT.name: number}
    path = quote(request.mount + request.path, safe="/:")
    return {"location": f"{path}?{urlencode(query)}"}
