"""What a deployed stack says of itself."""

from __future__ import annotations

from typing import Any


def stack_outputs(client: Any, stack: str) -> dict[str, str]:
    """Raises LookupError where there is no such stack."""
    try:
        answer = client.describe_stacks(StackName=stack)
    except client.exceptions.ClientError as error:
        raise LookupError(f"There is no stack {stack} that you may read: {error}") from None
    outputs = answer["Stacks"][0].get("Outputs", [])
    return {row["OutputKey"]: row["OutputValue"] for row in outputs}
