"""Clients of the local AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from infra.local.environment import ACCOUNT, CREDENTIALS, REGION

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_s3.client import S3Client


@dataclass(frozen=True, slots=True)
class Aws:
    endpoint: str
    certificate: Path | None = None

    def cloudformation(self) -> CloudFormationClient:
        client: CloudFormationClient = self.client("cloudformation")
        return client

    def s3(self) -> S3Client:
        client: S3Client = self.client("s3")
        return client

    def client(self, service: Any) -> Any:
        session = boto3.session.Session(
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        )
        return session.client(
            service,
            endpoint_url=self.endpoint,
            verify=str(self.certificate) if self.certificate else None,
            config=Config(
                # No proxy stands between a machine and itself.
                proxies={},
                signature_version="s3v4" if service == "s3" else None,
                s3={"addressing_style": "path"},
                retries={"mode": "standard", "total_max_attempts": 2},
                connect_timeout=5,
                read_timeout=60,
            ),
        )
