"""Deploys an assembly to the local AWS: its assets to S3, its template to CloudFormation.

What is deployed is asked of CloudFormation itself, never remembered beside it: a state that was
lost or is older than the code can then not be mistaken for the right one.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.local.aws import Aws
from infra.local.environment import ACCOUNT, REGION
from infra.local.errors import LocalRunError
from infra.local.event_filters import without_alternatives
from infra.local.synth import STANDING_ADDRESS

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_s3.client import S3Client

PLACEHOLDERS = {
    "${AWS::AccountId}": ACCOUNT,
    "${AWS::Region}": REGION,
    "${AWS::Partition}": "aws",
}
DEPLOYED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})
TEMPLATES = "darkroom-templates"
DEADLINE_SECONDS = 120
LOOK_EVERY_SECONDS = 0.05
# The oldest date that a zip can say: the same files always make the same archive.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    outputs: Mapping[str, str]
    # created, updated or unchanged
    change: str


def deploy(aws: Aws, assembly: Path, stack: str, api: str) -> Deployment:
    """`api` is the address at which clients reach it."""
    written = (assembly / f"{stack}.template.json").read_text()
    template = json.dumps(without_alternatives(json.loads(written.replace(STANDING_ADDRESS, api))))
    formation = aws.cloudformation()
    status = _status(formation, stack)
    if status in DEPLOYED and _deployed_template(formation, stack) == json.loads(template):
        return Deployment(outputs=_outputs(formation, stack), change="unchanged")
    _upload_assets(aws, json.loads((assembly / f"{stack}.assets.json").read_text()), assembly)
    address = _uploaded(aws, stack, template)
    if status in DEPLOYED:
        formation.update_stack(
            StackName=stack, TemplateURL=address, Capabilities=["CAPABILITY_NAMED_IAM"]
        )
    else:
        if status:
            # A first creation that failed cannot be updated, only be deleted.
            formation.delete_stack(StackName=stack)
            _settled(formation, stack)
        formation.create_stack(
            StackName=stack, TemplateURL=address, Capabilities=["CAPABILITY_NAMED_IAM"]
        )
    final = _settled(formation, stack)
    if final not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise LocalRunError(_why_failed(formation, stack, final))
    change = "updated" if status in DEPLOYED else "created"
    return Deployment(outputs=_outputs(formation, stack), change=change)


def _status(formation: CloudFormationClient, stack: str) -> str | None:
    try:
        return formation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _settled(formation: CloudFormationClient, stack: str) -> str | None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        status = _status(formation, stack)
        if status is None or not status.endswith("_IN_PROGRESS"):
            return status
        if time.monotonic() > deadline:
            message = f"The stack stays {status} for more than {DEADLINE_SECONDS} s."
            raise LocalRunError(message)
        time.sleep(LOOK_EVERY_SECONDS)


def _deployed_template(formation: CloudFormationClient, stack: str) -> object:
    body: Any = formation.get_template(StackName=stack)["TemplateBody"]
    return json.loads(body) if isinstance(body, str) else json.loads(json.dumps(body))


def _outputs(formation: CloudFormationClient, stack: str) -> dict[str, str]:
    described = formation.describe_stacks(StackName=stack)["Stacks"][0]
    return {entry["OutputKey"]: entry["OutputValue"] for entry in described.get("Outputs", [])}


def _why_failed(formation: CloudFormationClient, stack: str, status: str | None) -> str:
    events = formation.describe_stack_events(StackName=stack)["StackEvents"]
    reasons = [
        f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        for event in reversed(events)
        if event.get("ResourceStatus", "").endswith("_FAILED")
    ]
    return "\n".join(
        [
            f"The local AWS refused the template ({status}):",
            *reasons,
            "If the change is right but does not fit what is deployed: make reset, then make run.",
        ]
    )


def _uploaded(aws: Aws, stack: str, template: str) -> str:
    """Its address: in the request itself CloudFormation takes 51,200 bytes, and it is longer."""
    key = f"{stack}.json"
    _put(aws.s3(), TEMPLATES, key, template.encode())
    return f"{aws.endpoint}/{TEMPLATES}/{key}"


def _upload_assets(aws: Aws, manifest: Mapping[str, Any], assembly: Path) -> None:
    s3 = aws.s3()
    for asset in manifest["files"].values():
        body = _packed(assembly / asset["source"]["path"], asset["source"]["packaging"])
        for destination in asset["destinations"].values():
            bucket, key = _filled(destination["bucketName"]), _filled(destination["objectKey"])
            _put(s3, bucket, key, body)


def _put(s3: S3Client, bucket: str, key: str, body: bytes) -> None:
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key=key, Body=body)


def _filled(text: str) -> str:
    for placeholder, value in PLACEHOLDERS.items():
        text = text.replace(placeholder, value)
    return text


def _packed(source: Path, packaging: str) -> bytes:
    if packaging == "file":
        return source.read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in _files(source):
            entry = zipfile.ZipInfo(str(file.relative_to(source)), ZIP_EPOCH)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _files(source: Path) -> Iterator[Path]:
    return (file for file in sorted(source.rglob("*")) if file.is_file())
