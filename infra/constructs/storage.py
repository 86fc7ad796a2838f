"""Where jobs and images lie: one table, one bucket, and a small table of counts."""

from __future__ import annotations

from typing import cast

from aws_cdk import CfnElement, Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.nag import accept

# The sparse index over the time at which something is due; its entries hold keys only.
DUE_INDEX = "due"


class JobTable(dynamodb.Table):
    """Jobs, slots, accounts, keys and ledger entries, all in one table.

    Encrypted with the key that AWS owns, as every table is: a key of our own would add a charge
    to each request without keeping other clients out. On demand, because the load of an image
    service is bursts.
    """

    def __init__(self, scope: Construct, name: str, *, keep_data: bool) -> None:
        text, number = dynamodb.AttributeType.STRING, dynamodb.AttributeType.NUMBER
        super().__init__(
            scope,
            name,
            partition_key=dynamodb.Attribute(name="pk", type=text),
            sort_key=dynamodb.Attribute(name="sk", type=text),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=keep_data,
            removal_policy=removal(keep_data=keep_data),
        )
        self.add_global_secondary_index(
            index_name=DUE_INDEX,
            partition_key=dynamodb.Attribute(name="due_shard", type=text),
            sort_key=dynamodb.Attribute(name="due_at", type=number),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        accept(
            Stack.of(self),
            f"AwsSolutions-IAM5[Resource::<{_logical_id(self)}.Arn>/stream/*]",
            because="Streams are listed to learn their names; they are this table's alone.",
        )

    @property
    def stream_arn(self) -> str:
        if self.table_stream_arn is None:
            raise RuntimeError("the table was made without a stream")
        return self.table_stream_arn

    @property
    def all_streams_arn(self) -> str:
        return f"{self.table_arn}/stream/*"


class WaitTable(dynamodb.Table):
    """How many requests wait at the moment, an item a workspace.

    Apart from the jobs, because the status function counts its waits here and may write nothing
    else. It can be lost at any time: a count is right again half a minute later.
    """

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(
            scope,
            name,
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            removal_policy=RemovalPolicy.DESTROY,
        )
        accept(
            self,
            "AwsSolutions-DDB3",
            because="Counts of the last half minute: there is nothing to recover.",
        )


# For how long the bucket gives a deleted file back, where it keeps versions.
DELETED_DAYS = 30


class ImageBucket(s3.Bucket):
    """The stored images. Without versions what is deleted is gone at once, with them after
    `DELETED_DAYS`.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        keep_data: bool,
        versioning: bool,
        cors_origins: tuple[str, ...],
    ) -> None:
        super().__init__(
            scope,
            name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=versioning,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                # Of versions without versioning, too: a bucket that once kept some still has them.
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                    noncurrent_version_expiration=Duration.days(DELETED_DAYS),
                    # What says of a file that it was deleted, once there is nothing left of it.
                    expired_object_delete_marker=True,
                ),
                # Files as they were sent: looked at within seconds, and forgotten if not.
                s3.LifecycleRule(
                    prefix="uploads/",
                    expiration=Duration.days(1),
                    # As they were sent, with where they were taken: never kept for long.
                    noncurrent_version_expiration=Duration.days(1),
                ),
            ],
            cors=_cors(cors_origins),
            removal_policy=removal(keep_data=keep_data),
        )
        for part in ("*", "uploads/*"):
            accept(
                Stack.of(self),
                f"AwsSolutions-IAM5[Resource::<{_logical_id(self)}.Arn>/{part}]",
                because="Objects have no names before they are made; it is this bucket's alone.",
            )
        accept(
            self,
            "AwsSolutions-S1",
            because="Images are handed out by the status function, which logs each request. Access "
            "logs of the bucket would be a second store of who looked at what, to be guarded too.",
        )


def removal(*, keep_data: bool) -> RemovalPolicy:
    return RemovalPolicy.RETAIN if keep_data else RemovalPolicy.DESTROY


def _logical_id(construct: Construct) -> str:
    resource = cast("CfnElement", construct.node.default_child)
    return str(Stack.of(construct).get_logical_id(resource))


def _cors(origins: tuple[str, ...]) -> list[s3.CorsRule] | None:
    if not origins:
        return None
    return [
        # A presigned form is sent from there.
        s3.CorsRule(
            allowed_methods=[s3.HttpMethods.POST],
            allowed_origins=list(origins),
            allowed_headers=["*"],
        ),
        # Large files are read here after a redirect of the API, and then a browser names no origin
        # any more (`Origin: null`). What opens one is its address, which few know, for minutes.
        s3.CorsRule(
            allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.HEAD],
            allowed_origins=["*"],
            allowed_headers=["range", "if-none-match", "if-range"],
            exposed_headers=["ETag", "Content-Range", "Content-Length", "Content-Disposition"],
            max_age=3600,
        ),
    ]
