"""Presets of concurrency, for the quota that Lambda gives an account in a region.

What a context key says by itself counts more than the preset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# A new table on demand has about so many shards, each read by functions of its own.
SHARDS = 4
SWEEPERS = 1
# AWS refuses a reservation that leaves fewer: 100 by its documents, 10 on accounts with a small
# quota (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html).
LEAST_UNRESERVED = 10
# Of the concurrency that is reserved for a function that answers clients, a third may wait. The
# count begins anew each half minute, and for seconds there may be twice as many as it allows: a
# third is left for reads and submits even then.
WAITING_SHARE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    name: str
    # Each of a queue of its own, and as many for the backlog and for slow receivers.
    worker_concurrency: int
    webhook_concurrency: int
    intake_concurrency: int
    # For each shard of the table's stream.
    relay_concurrency: int
    workspace_share: int
    waits_per_key: int
    waits_per_workspace: int
    throttle_rate: int
    throttle_burst: int
    # For each of the two functions that answer clients. None: what the others leave.
    api_reserved_concurrency: int | None


# SQS feeds a function two messages at once or more: there is no smaller.
SMALL = Size(
    name="small",
    worker_concurrency=2,
    webhook_concurrency=2,
    intake_concurrency=2,
    relay_concurrency=1,
    workspace_share=2,
    waits_per_key=2,
    waits_per_workspace=3,
    throttle_rate=50,
    throttle_burst=50,
    api_reserved_concurrency=None,
)
MEDIUM = Size(
    name="medium",
    worker_concurrency=20,
    webhook_concurrency=20,
    intake_concurrency=10,
    relay_concurrency=10,
    # Few: a workspace with more on its way waits behind its own images, not before others'.
    workspace_share=5,
    # Each holds a function of the account's concurrency.
    waits_per_key=20,
    waits_per_workspace=40,
    throttle_rate=200,
    throttle_burst=400,
    api_reserved_concurrency=None,
)
LARGE = Size(
    name="large",
    worker_concurrency=100,
    webhook_concurrency=50,
    intake_concurrency=20,
    relay_concurrency=10,
    workspace_share=10,
    waits_per_key=50,
    waits_per_workspace=100,
    throttle_rate=1000,
    throttle_burst=2000,
    api_reserved_concurrency=200,
)
SIZES: Mapping[str, Size] = {size.name: size for size in (SMALL, MEDIUM, LARGE)}
