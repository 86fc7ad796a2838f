"""What happens behind the API: the stream, fair queues, the table's expiry."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

from darkroom.admin.proof.facts import Facts, NotShown, expect
from darkroom.admin.proof.workspace import ProofWorkspace, wait_for
from darkroom.aws.values import to_item

_RELAY_SECONDS = 60
_JOBS_OF_FLOOD, _IMAGES_OF_JOB = 30, 10
# So much of it has to wait still when the small workspace has been served.
_MOST_OF_FLOOD = 0.5
_TTL_SECONDS = 45 * 60


def deliver_webhooks(workspace: ProofWorkspace) -> Facts:
    """From the table's stream by the relay and its queue to a receiver: this API itself, which
    answers to a callback of no job. Whatever it answers, it was asked.
    """
    nowhere = "00000000-0000-7000-8000-000000000000"
    url = workspace.http.base_url.join(f"/v1/callbacks/no-workspace/{nowhere}/0/{nowhere}")
    hook = workspace.asked("POST", "/v1/webhooks", HTTPStatus.CREATED, json={"url": str(url)})["id"]
    started = time.monotonic()
    workspace.finished(workspace.submit())
    ended = time.monotonic()

    def look() -> Any:
        page = workspace.asked("GET", f"/v1/webhooks/{hook}/deliveries", HTTPStatus.OK)
        tries = [one for delivery in page["deliveries"] for one in delivery["attempts"]]
        return [one for one in tries if one["outcome"] != "under_way"]

    tried = wait_for(look, _RELAY_SECONDS, "no delivery was tried")
    after = round(time.monotonic() - ended, 1)
    return {"job": round(ended - started, 1), "after its end": after, "tries": len(tried)}


def keep_queues_fair(workspace: ProofWorkspace) -> Facts:
    """A small workspace is served while the flood of another waits."""
    if workspace.neighbour is None:
        raise NotShown("it takes two workspaces")
    flood = [workspace.submit(n=_IMAGES_OF_JOB) for _ in range(_JOBS_OF_FLOOD)]
    started = time.monotonic()
    workspace.neighbour.finished(workspace.neighbour.submit())
    seconds = round(time.monotonic() - started, 1)
    page = workspace.asked("GET", "/v1/jobs?limit=40", HTTPStatus.OK)["jobs"]
    waiting = sum(one["status"] in {"pending", "processing"} for one in page)
    expect("the flood was served first", is_so=waiting >= _JOBS_OF_FLOOD * _MOST_OF_FLOOD)
    for job in flood:
        workspace.finished(job)
    return {"jobs of the flood": len(flood), "still waiting": waiting, "seconds": seconds}


def expire_items(workspace: ProofWorkspace) -> Facts:
    """DynamoDB deletes what has expired, within minutes usually."""
    table, services = workspace.deployment.outputs["TableName"], workspace.deployment.services
    client = workspace.deployment.client("dynamodb")
    description = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    is_so = description["TimeToLiveStatus"] == "ENABLED"
    expect(
        "the table's TTL is not on", is_so=is_so and description["AttributeName"] == "expires_at"
    )
    key = to_item({"pk": f"PROOF#{services.ids.new_id()}", "sk": "PROOF"})
    past = int(services.clock.now().timestamp()) - 60
    client.put_item(TableName=table, Item=key | to_item({"expires_at": past}))
    started = time.monotonic()

    def look() -> bool:
        return "Item" not in client.get_item(TableName=table, Key=key, ConsistentRead=True)

    wait_for(look, _TTL_SECONDS, "an expired item was not deleted")
    return {"seconds": round(time.monotonic() - started)}
