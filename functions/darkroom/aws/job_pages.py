"""Pages of a workspace's jobs, newest first, of some states or of one kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from darkroom.aws import records
from darkroom.aws.values import to_item
from darkroom.domain.job import Job, JobKind, JobStatus
from darkroom.domain.outcomes import JobPage

# Each reads a megabyte at most: some 500 jobs.
_MOST_QUERIES = 8
_FEW_MORE = 2


def job_page(
    client: Any,
    table: str,
    workspace: str,
    *,
    limit: int,
    cursor: str | None,
    statuses: Sequence[JobStatus],
    kind: JobKind | None,
) -> JobPage:
    values: dict[str, Any] = {":pk": records.partition(workspace), ":jobs": records.JOB}
    query: dict[str, Any] = {
        "TableName": table,
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :jobs)",
        "ScanIndexForward": False,
    }
    wanted = {"status": statuses, "kind": (kind,) if kind else ()}
    filters = {name: allowed for name, allowed in wanted.items() if allowed}
    # One more than is asked for tells whether another page follows.
    query["Limit"] = limit + 1
    if filters:
        # The limit counts those too that do not pass: a few more at first, then all there are.
        query |= _filter(filters, values) | {"Limit": _FEW_MORE * (limit + 1)}
    if cursor is not None:
        query["ExclusiveStartKey"] = records.job_key(workspace, cursor)
    found: list[Job] = []
    for _ in range(_MOST_QUERIES):
        answer = client.query(**query, ExpressionAttributeValues=to_item(values))
        found += [records.read_job(item) for item in answer["Items"]]
        query["ExclusiveStartKey"] = answer.get("LastEvaluatedKey")
        if len(found) > limit or query["ExclusiveStartKey"] is None:
            break
        query.pop("Limit", None)
    if len(found) > limit:
        return JobPage(jobs=tuple(found[:limit]), cursor=found[limit - 1].id)
    # A rare status: the page is short, and the next one goes on where this one stopped looking.
    stopped_at = query["ExclusiveStartKey"]
    last = records.read_job_key(stopped_at)[1] if stopped_at else None
    return JobPage(jobs=tuple(found), cursor=last)


def _filter(allowed: Mapping[str, Sequence[str]], values: dict[str, Any]) -> dict[str, Any]:
    tests = []
    for name, choices in allowed.items():
        places = {f":{name}{number}": choice for number, choice in enumerate(choices)}
        values |= places
        test = f"#{name} IN ({', '.join(places)})"
        if JobKind.IMAGES in choices:
            # Jobs of before there were two kinds.
            test = f"({test} OR attribute_not_exists(#{name}))"
        tests.append(test)
    return {
        "FilterExpression": " AND ".join(tests),
        "ExpressionAttributeNames": {f"#{name}": name for name in allowed},
    }
