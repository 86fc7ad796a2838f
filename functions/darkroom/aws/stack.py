"""What a deployed stack says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def describe_stack(client: Any, stack: str) -> Mapping[str, Any]:
    """Raises LookupError where there is no such stack."""
    try:
        found: Mapping[str, Any] = client.describe_stacks(StackName=stack)["Stacks"][0]
    except client.exceptions.ClientError as error:
        raise LookupError(f"There is no stack {stack} that you may read: {error}") from None
    return found


def stack_outputs(client: Any, stack: str) -> dict[str, str]:
    """Raises as describe_stack."""
    outputs = describe_stack(client, stack).get("Outputs", [])
    return {row["OutputKey"]: row["OutputValue"] for row in outputs}


def stack_resources(client: Any, stack: str) -> Iterator[tuple[str, str, str]]:
    """Type, logical id and physical id of each."""
    for page in client.get_paginator("list_stack_resources").paginate(StackName=stack):
        for row in page["StackResourceSummaries"]:
            yield row["ResourceType"], row["LogicalResourceId"], row.get("PhysicalResourceId", "")
