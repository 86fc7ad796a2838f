"""The account and region that the credentials lead to, as far as a deployment has to know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    ProfileNotFound,
)

from infra.deploying.errors import DeploymentError

BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
# What CDK's assembly asks for, with assets that roles of the bootstrap publish.
BOOTSTRAP_VERSION = 6

NO_CREDENTIALS = (
    "No AWS credentials found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; "
    "to make a profile: aws configure, or aws sso login"
)
NO_REGION = "No AWS region found. Set AWS_REGION, or give your profile a region."


class Account:
    """Reads only. What the credentials may not read is None, and stops nothing."""

    def __init__(self, environment: Mapping[str, str], profile: str | None) -> None:
        try:
            self._session = boto3.session.Session(
                profile_name=profile,
                # CDK goes by this variable first; Python's SDK does not know it.
                region_name=environment.get("AWS_REGION") or None,
            )
        except ProfileNotFound as problem:
            raise DeploymentError(f"{problem}.") from problem
        if self._session.get_credentials() is None:
            raise DeploymentError(NO_CREDENTIALS)
        if self._session.region_name is None:
            raise DeploymentError(NO_REGION)
        self.region: str = self._session.region_name
        identity = self._identity()
        self.id: str = identity["Account"]
        self.caller: str = identity["Arn"]

    def _identity(self) -> Mapping[str, str]:
        try:
            # The one call that every valid credential may make.
            answer: Mapping[str, str] = self._client("sts").get_caller_identity()
        except NoCredentialsError as problem:
            raise DeploymentError(NO_CREDENTIALS) from problem
        except (BotoCoreError, ClientError) as problem:
            message = f"AWS does not take these credentials: {problem}"
            raise DeploymentError(message) from problem
        return answer

    def check_bootstrap(self) -> None:
        ssm = self._client("ssm")
        try:
            found = ssm.get_parameter(Name=BOOTSTRAP_PARAMETER)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound as problem:
            message = (
                f"Account {self.id} has no CDK bootstrap in {self.region} yet: a bucket and roles "
                "that deployments use, made once. Run: make bootstrap"
            )
            raise DeploymentError(message) from problem
        except ClientError:
            return
        if int(found) < BOOTSTRAP_VERSION:
            message = f"The CDK bootstrap of {self.region} is version {found}. Run: make bootstrap"
            raise DeploymentError(message)

    def concurrency(self) -> Concurrency | None:
        try:
            limit = self._client("lambda").get_account_settings()["AccountLimit"]
        except ClientError:
            return None
        return Concurrency(
            quota=limit["ConcurrentExecutions"],
            unreserved=limit["UnreservedConcurrentExecutions"],
        )

    def stack(self, name: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = self.formation().describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as problem:
            if "does not exist" in str(problem):
                return None
            raise DeploymentError(f"The stack {name} cannot be read: {problem}") from problem
        return found

    def formation(self) -> Any:
        return self._client("cloudformation")

    def _client(self, service: Any) -> Any:
        return self._session.client(service)


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many functions may run at once in this account and region."""

    quota: int
    unreserved: int
