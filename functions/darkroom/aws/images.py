"""Images in S3, under keys that are written once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from darkroom.domain.errors import Unavailable

_TRIES = 5
_PAUSE = 0.1


class S3Images:
    def __init__(self, connect: Callable[[], Any], bucket: str) -> None:
        # Most polls never open a file: the client is made for the first one that does.
        self._connect = connect
        self._bucket = bucket

    @property
    def _client(self) -> Any:
        return self._connect()

    def put_once(self, key: str, body: bytes, content_type: str) -> int:
        put = {"Bucket": self._bucket, "Key": key, "ContentType": content_type, "IfNoneMatch": "*"}
        for _ in range(_TRIES):
            try:
                self._client.put_object(**put, Body=body)
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if status == HTTPStatus.PRECONDITION_FAILED:
                    # A worker that died after its put left it: the same image, already whole.
                    there = self._client.head_object(Bucket=self._bucket, Key=key)
                    return int(there["ContentLength"])
                if status != HTTPStatus.CONFLICT:
                    raise
                # Another put of this key is under way: it is there in a moment, or it is not.
                time.sleep(_PAUSE)
            else:
                return len(body)
        raise Unavailable

    def delete(self, keys: Sequence[str]) -> None:
        self._client.delete_objects(
            Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )

    def link(self, key: str, *, content_type: str, seconds: int) -> str:
        return str(
            self._client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": key,
                    "ResponseContentType": content_type,
                    "ResponseCacheControl": f"private, max-age={seconds}",
                },
                ExpiresIn=seconds,
            )
        )
