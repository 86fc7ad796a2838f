"""One botocore session for all clients, with explicit timeouts and one retry policy.

botocore without boto3 around it: the same clients, and a quarter less to import at a cold start.
"""

from __future__ import annotations

import os
from typing import Any

from botocore.config import Config
from botocore.session import Session

_CONFIG = Config(
    # All tries together stay below the 29 s of the functions that answer people.
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    # The adapters are typed and tested; checking each call again costs a tenth of it.
    parameter_validation=False,
    inject_host_prefix=False,
    account_id_endpoint_mode="disabled",
    signature_version="v4",
)
# Version 2 signatures, the other choice for links, are not checked by every S3.
_S3 = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    read_timeout=15,  # an image of 40 MB is on its way
)


# Amazon's own models take their time, and are not to be asked twice.
_BEDROCK = Config(read_timeout=90, retries={"mode": "standard", "total_max_attempts": 1})
_OF_SERVICE = {"s3": _S3, "bedrock-runtime": _BEDROCK}


class Clients:
    """Makes each client once, when it is first needed."""

    def __init__(self) -> None:
        self._session = Session()
        self._made: dict[str, Any] = {}

    def get(self, service: str) -> Any:
        if service not in self._made:
            config = _CONFIG
            if service in _OF_SERVICE:
                config = _CONFIG.merge(_OF_SERVICE[service])
            # botocore looks for AWS_DEFAULT_REGION alone; a Lambda has both, and people set either.
            region = os.environ.get("AWS_REGION")
            self._made[service] = self._session.create_client(
                service, region_name=region, config=config
            )
        return self._made[service]
