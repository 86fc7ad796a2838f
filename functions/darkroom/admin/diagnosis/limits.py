"""Functions at once: what the stack may start, and what the account lets run."""

from __future__ import annotations

from collections.abc import Iterator

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.finding import NEEDS_AWS, Finding, judged, not_checked


def check_concurrency(deployment: Deployment) -> Iterator[Finding]:
    subject = "functions at once"
    if deployment.is_local:
        yield not_checked(subject, NEEDS_AWS)
        return
    needed = deployment.outputs.get("ConcurrencyNeeded")
    if needed is None:
        yield not_checked(subject, "the stack does not say how many it needs")
        return
    answer = deployment.client("lambda").get_account_settings()
    quota = answer["AccountLimit"]["ConcurrentExecutions"]
    text = f"the stack needs {needed}, of a quota of {quota} for all of the account"
    yield judged(subject, text, is_good=int(needed) <= quota)
