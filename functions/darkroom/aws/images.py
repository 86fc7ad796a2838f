"""Images in S3, under keys that are written once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.errors import Unavailable
from darkroom.domain.file_links import content_disposition
from darkroom.domain.library_ports import OpenedFile, StoredFile

# To one that may not list the bucket, S3 says "forbidden" of what is not there.
_NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN)
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

    def put_once(
        self, key: str, body: bytes, content_type: str, made_by: ProviderRoute | None
    ) -> bool:
        put = {
            "Bucket": self._bucket,
            "Key": key,
            "ContentType": content_type,
            "Metadata": {"provider": made_by.provider, "model": made_by.model} if made_by else {},
            "IfNoneMatch": "*",
        }
        for _ in range(_TRIES):
            try:
                self._client.put_object(**put, Body=body)
            except ClientError as error:
                status = _status(error)
                if status == HTTPStatus.PRECONDITION_FAILED:
                    return False
                if status != HTTPStatus.CONFLICT:
                    raise
                # Another put of this key is under way: it is there in a moment, or it is not.
                time.sleep(_PAUSE)
            else:
                return True
        raise Unavailable

    def find(self, key: str) -> StoredFile | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _status(error) in _NOT_THERE:
                return None
            raise
        notes = found["Metadata"]
        made_by = ProviderRoute(provider=notes["provider"], model=notes["model"]) if notes else None
        return StoredFile(body=found["Body"].read(), made_by=made_by)

    def exists(self, key: str) -> bool:
        return self.open(key) is not None

    def open(self, key: str, most_bytes: int = 0) -> OpenedFile | None:
        ask = self._client.get_object if most_bytes else self._client.head_object
        try:
            found = ask(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _status(error) in _NOT_THERE:
                return None
            raise
        size, body = found["ContentLength"], None
        if most_bytes:
            with closing(found["Body"]) as stream:
                body = stream.read() if size <= most_bytes else None
        return OpenedFile(tag=found["ETag"], size=size, body=body)

    def invite(
        self, key: str, *, content_type: str, most_bytes: int, seconds: int
    ) -> tuple[str, Mapping[str, str]]:
        form = self._client.generate_presigned_post(
            Bucket=self._bucket,
            Key=key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, most_bytes]],
            ExpiresIn=seconds,
        )
        return form["url"], form["fields"]

    def delete(self, keys: Sequence[str]) -> None:
        if not keys:
            return  # S3 refuses an empty list
        answer = self._client.delete_objects(
            Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )
        # S3 says "done" of the whole and tells each failure in the body.
        if answer.get("Errors"):
            raise Unavailable

    def link(self, key: str, *, content_type: str, file_name: str, seconds: int) -> str:
        return str(
            self._client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": key,
                    "ResponseContentType": content_type,
                    "ResponseContentDisposition": content_disposition(file_name),
                    "ResponseCacheControl": f"private, max-age={seconds}",
                },
                ExpiresIn=seconds,
            )
        )


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
