"""The environments of this command and of its children.

Handlers inherit the whole environment of the local AWS, and on AWS they would find nothing of the
kind. So nothing of the user's own gets there: no credentials or profile that could reach a real
account, no proxy between loopback addresses, no setting that a deployed function would not have.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from infra.local.folder import Folder

STAGE = "local"
STACK = f"darkroom-{STAGE}"
ACCOUNT = "000000000000"
REGION = "us-east-1"
# What a program needs to find others and to write text.
KEPT = frozenset({"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "NO_COLOR", "TZ"})

# The access key is the account: MiniStack reads it so, and no real key looks like that.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": ACCOUNT,
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def clean_environment(outer: Mapping[str, str], folder: Folder) -> dict[str, str]:
    return {
        **{name: value for name, value in outer.items() if name in KEPT},
        **CREDENTIALS,
        "HOME": str(folder.temporary),
        "TMPDIR": str(folder.temporary),
        "PYTHONUNBUFFERED": "1",
    }


def operator_environment(
    clean: Mapping[str, str],
    root: Path,
    endpoint: str,
    certificate: Path | None,
    api: str = "",
) -> dict[str, str]:
    """For `darkroom-admin` against this system, whose API the stack has another address for."""
    environment = {
        **clean,
        "AWS_ENDPOINT_URL": endpoint,
        "DARKROOM_STACK": STACK,
        "DARKROOM_API": api,
        "PYTHONPATH": str(root / "functions"),
    }
    if certificate is not None:
        environment["AWS_CA_BUNDLE"] = str(certificate)
    return environment


def server_environment(
    clean: Mapping[str, str], folder: Folder, endpoint: str, certificate: Path | None
) -> dict[str, str]:
    environment = {
        **clean,
        "BIND_HOST": "127.0.0.1",
        # Not where it listens: the host and port in the addresses of queues, by which MiniStack
        # knows them. They must be the same at the next start, whatever port that one gets.
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": "4566",
        # Where handlers find it.
        "AWS_ENDPOINT_URL": endpoint,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder.services),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder.objects),
        "LOG_LEVEL": "WARNING",
        # Servers of its own on fixed ports, which would collide between two folders.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        # Its search for containers to clean up is none of ours.
        "DOCKER_HOST": "unix:///nonexistent/docker.sock",
    }
    if certificate is None:
        return environment
    return {
        **environment,
        "AUTH": "true",
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(certificate),
        "MINISTACK_SSL_KEY": str(certificate.with_suffix(".key")),
        "AWS_CA_BUNDLE": str(certificate),
    }
