"""Replies as no vendor documents them, the same ones each time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from darkroom.providers.interface import HttpReply

# Of another vendor's making, and of nobody's.
STRANGE = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"0",
    b"<html><body>502 Bad Gateway</body></html>",
    b'{"data": {"task_id": 7}}',
    b'{"images": [{"url": null}]}',
    b'{"data": [{"url": "javascript:alert(1)"}]}',
    b'{"candidates": [{"content": {"parts": "none"}}]}',
    b'{"error": ["not", "an", "object"]}',
    b'{"id": {}, "polling_url": 4, "status": []}',
    b'{"output": {"task_status": "SUCCEEDED"}}',
    b"[" * 5000,
    b"\xff\xfe\x00",
)
STATUSES = (
    200,
    200,
    200,
    201,
    202,
    204,
    301,
    400,
    401,
    402,
    403,
    404,
    409,
    422,
    429,
    500,
    503,
    504,
)


def broken_replies(real: Sequence[bytes], count: int) -> Iterator[HttpReply]:
    """Made of what the vendor says, and of what others do."""
    chance = random.Random(7)  # noqa: S311 - the same ones each time
    for _ in range(count):
        yield HttpReply(
            status=chance.choice(STATUSES),
            headers={"retry-after": chance.choice(["", "3", "-1", "1e999", "x", "Fri, 99"])},
            body=_broken(chance.choice([*real, *STRANGE]), chance),
        )


def _broken(body: bytes, chance: random.Random) -> bytes:
    """As it was, cut off, with bytes changed, or with values of another type."""
    kind = chance.randrange(4)
    if kind == 0 or not body:
        return body
    if kind == 1:
        return body[: chance.randrange(len(body))]
    if kind == 2:
        changed = bytearray(body)
        for _ in range(chance.randrange(1, 6)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        return bytes(changed)
    texts = [b'":"', b'":1,"x":"', b'":null,"x":"', b'":[],"x":"', b'":{"a":1},"x":"']
    return body.replace(b'": "', b'":"').replace(
        b'":"', chance.choice(texts), chance.randrange(1, 5)
    )
