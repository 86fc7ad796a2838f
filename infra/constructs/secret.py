"""The secrets behind every signature that Darkroom makes."""

from __future__ import annotations

from typing import cast

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.nag import accept
from infra.constructs.storage import removal


class OwnSecret(secretsmanager.Secret):
    """Made by AWS at deployment: never typed, and stored nowhere else."""

    def __init__(self, scope: Construct, name: str, *, purpose: str, keep_data: bool) -> None:
        super().__init__(
            scope,
            name,
            description=purpose,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
            removal_policy=removal(keep_data=keep_data),
        )
        # An attribute, though a reference gives the same on AWS: on the local AWS a reference gives
        # the name, and a role that may read a name may read nothing.
        self.arn = cast("secretsmanager.CfnSecret", self.node.default_child).attr_id
        accept(
            self,
            "AwsSolutions-SMG4",
            because="It is replaced in generations by the operator's command: things live by it.",
        )
