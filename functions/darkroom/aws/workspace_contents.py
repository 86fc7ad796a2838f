"""All that a workspace owns in the table and in the bucket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from darkroom.aws.images import S3Images
from darkroom.aws.keys import key_of_hash
from darkroom.aws.library_records import MEDIA
from darkroom.aws.queries import answers
from darkroom.aws.records import ACCOUNT, JOB, account_key, partition
from darkroom.aws.table import Item, Table, delete
from darkroom.aws.values import from_item, to_item
from darkroom.aws.webhook_records import WEBHOOK, set_of_webhooks_key
from darkroom.domain.file_links import file_keys, storage_key, upload_key
from darkroom.domain.image_request import FORMATS
from darkroom.domain.media import MediaStatus
from darkroom.domain.workspace_contents import Contents

# Keys that S3 deletes in one call, and items that are deleted before the next are read.
_FILES_AT_ONCE, _ITEMS_AT_ONCE = 1000, 100
_LENGTH_OF_ID = 36


class AwsWorkspaceContents:
    def __init__(self, table: Table, s3: Any, bucket: str) -> None:
        self._table = table
        self._s3 = s3
        self._bucket = bucket

    def read(self, workspace: str) -> Contents:
        kinds: Counter[str] = Counter()
        media, hashes = set[str](), set[str]()
        jobs = uploads = 0
        for item in self._items(workspace, "pk, sk, #hash, #status, due_at, slots"):
            values = from_item(item)
            name = values["sk"]
            kinds[name.partition("#")[0].lower()] += 1
            if name.startswith(JOB):
                media |= {slot["media_id"] for slot in values["slots"].values()}
                # A job is in the index of what is due until nothing writes for it any more.
                jobs += "due_at" in values
            elif name.startswith(MEDIA):
                media.add(name.removeprefix(MEDIA))
                uploads += values["status"] == MediaStatus.PROCESSING
            elif "hash" in values:
                hashes.add(values["hash"])
        return Contents(
            items=dict(sorted(kinds.items())),
            media=frozenset(media),
            hashes=frozenset(hashes),
            unfinished_jobs=jobs,
            unfinished_uploads=uploads,
        )

    def count_elsewhere(self, contents: Contents) -> Mapping[str, int]:
        keys = [key_of_hash(one) for one in sorted(contents.hashes)]
        counts = {
            "file": sum(1 for _ in self._files(contents.media)),
            "key": sum(1 for _ in self._table.get_many(keys)),
        }
        return {kind: number for kind, number in counts.items() if number}

    def delete_webhooks(self, workspace: str) -> None:
        found = self._items(workspace, "pk, sk", WEBHOOK)
        self._delete([*map(_key, found), set_of_webhooks_key(workspace)])

    def delete_elsewhere(self, contents: Contents) -> None:
        images = S3Images(lambda: self._s3, self._bucket)
        for keys in _in_parts(_possible_files(contents.media), _FILES_AT_ONCE):
            images.delete(keys)
        self._delete([key_of_hash(one) for one in contents.hashes])

    def delete_items(self, workspace: str) -> None:
        found = (item for item in self._items(workspace, "pk, sk") if item["sk"]["S"] != ACCOUNT)
        for items in _in_parts(found, _ITEMS_AT_ONCE):
            self._delete([_key(item) for item in items])

    def delete_account(self, workspace: str) -> None:
        self._delete([account_key(workspace)])

    def _delete(self, keys: Sequence[Item]) -> None:
        self._table.write_many([delete(key) for key in keys])

    def _items(self, workspace: str, attributes: str, prefix: str = "") -> Iterator[Item]:
        values = {":pk": partition(workspace)} | ({":prefix": prefix} if prefix else {})
        query = {
            "KeyConditionExpression": "pk = :pk"
            + (" AND begins_with(sk, :prefix)" if prefix else ""),
            "ExpressionAttributeValues": to_item(values),
            "ProjectionExpression": attributes,
            "ConsistentRead": True,
        }
        names = {alias: alias[1:] for alias in ("#hash", "#status") if alias in attributes}
        if names:
            query["ExpressionAttributeNames"] = names
        for answer in answers(self._table.query, query):
            yield from answer["Items"]

    def _files(self, media: frozenset[str]) -> Iterator[str]:
        """As the bucket lists them. Ids grow with time: those between the first and the last of
        these are all that has to be looked through.
        """
        if not media:
            return
        first, last = min(media), max(media)
        for name_of in (storage_key, upload_key):
            folder = name_of("")
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                # Listing begins after this key, which is just before the first.
                Bucket=self._bucket,
                Prefix=folder,
                StartAfter=name_of(first[:-1]),
            )
            for key in (entry["Key"] for page in pages for entry in page.get("Contents", ())):
                name = key.removeprefix(folder)[:_LENGTH_OF_ID]
                if name > last:
                    break
                if name in media:
                    yield key


def _possible_files(media: Iterable[str]) -> Iterator[str]:
    """Whatever format an image has; a delete of what is not there is no error."""
    for name in sorted(media):
        yield from dict.fromkeys(key for kind in FORMATS for key in file_keys(name, kind))
        yield upload_key(name)


def _key(item: Item) -> Item:
    return {name: item[name] for name in ("pk", "sk")}


def _in_parts(found: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(found)
    while part := list(islice(rest, size)):
        yield part
