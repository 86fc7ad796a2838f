"""Where MiniStack asks a role for an action that IAM does not have.

On AWS, SendMessageBatch is authorised as sqs:SendMessage, and there is no action of its own name
that a policy could grant: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
MiniStack asks for sqs:SendMessageBatch. Each role that may send one message is given that name
too, for the same queue, beside the policies of the template, which stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from infra.local.aws import Aws

POLICY = "batches-under-their-local-name"
LOCAL_NAMES = {"sqs:SendMessage": "sqs:SendMessageBatch"}


def grant_local_names(aws: Aws) -> None:
    iam = aws.client("iam")
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        added = [
            {**statement, "Action": local}
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
            if policy != POLICY
            for statement in _statements(iam, name, policy)
            for action, local in LOCAL_NAMES.items()
            if action in _actions(statement)
        ]
        if added:
            document = json.dumps({"Version": "2012-10-17", "Statement": added})
            iam.put_role_policy(RoleName=name, PolicyName=POLICY, PolicyDocument=document)


def _statements(iam: Any, role: str, policy: str) -> Iterator[dict[str, Any]]:
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    statements = document["Statement"]
    yield from statements if isinstance(statements, list) else [statements]


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return actions if isinstance(actions, list) else [actions]
