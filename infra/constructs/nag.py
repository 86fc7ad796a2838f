"""An exception to a rule of cdk-nag, never without its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, *, because: str) -> None:
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=because))
