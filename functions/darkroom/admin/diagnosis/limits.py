"""Functions at once: what the stack may start, and what the account lets run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from darkroom.admin.deployment import Deployment
from darkroom.admin.diagnosis.finding import NEEDS_AWS, Finding, judged, not_checked

# The two that answer clients, with no reservation, still need some; and the sweeper one.
_FOR_CLIENTS = 10


def check_concurrency(deployment: Deployment) -> Iterator[Finding]:
    subject = "functions at once"
    if deployment.is_local:
        yield not_checked(subject, NEEDS_AWS)
        return
    client = deployment.client("lambda")
    quota = client.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    mappings = deployment.physical_ids("AWS::Lambda::EventSourceMapping").values()
    background = sum(_most_at_once(client.get_event_source_mapping(UUID=one)) for one in mappings)
    text = f"{background} in the background, of a quota of {quota} for all of the account"
    yield judged(subject, text, is_good=background + _FOR_CLIENTS <= quota)


def _most_at_once(mapping: Mapping[str, Any]) -> int:
    """Of a queue its cap; of the stream its batches side by side."""
    scaling = mapping.get("ScalingConfig") or {}
    return int(scaling.get("MaximumConcurrency") or mapping.get("ParallelizationFactor") or 1)
