"""What the tests of several vendors share: a vendor on loopback, and asking it for one image."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from darkroom.domain.image_request import Reference
from darkroom.domain.worker_ports import Pictures
from darkroom.providers.interface import Handle, HttpReply, ProviderRequest
from darkroom.providers.registry import providers
from darkroom.providers.sender import HttpSender
from tests.builders import image_request
from tests.fakes.upstream import Answer, Asked, Upstream, Vendor

SOME = Reference(url="https://a.test/a.png")


@contextmanager
def serving(vendor: Vendor) -> Iterator[Upstream]:
    """The vendor, which is to find nothing wrong with what it was sent."""
    with Upstream(vendor) as upstream:
        yield upstream
        assert upstream.wrong == []


def begun(
    upstream: Upstream,
    model: str,
    pictures: Pictures | None = None,
    callback: str = "",
    **changes: Any,
) -> Asked:
    """The request by which a slow vendor has begun an image."""
    pictures = pictures or Pictures()
    changes.setdefault("references", (SOME,) * len(pictures.references))
    wanted = ProviderRequest(
        request=image_request(**changes),
        seed=changes.get("seed", 7),
        model=model,
        pictures=pictures,
        callback=callback,
        token="image-1",
    )
    adapter = providers()[upstream.vendor.name].adapter_for(upstream.account)
    sender = HttpSender({})
    handle = adapter.read_start(sender.send(adapter.start(wanted), 5))
    sender.close()
    assert isinstance(handle, Handle), (handle, upstream.wrong)
    return upstream.asked[-1]


def reply(answer: Answer) -> HttpReply:
    return HttpReply(status=answer.status, headers=answer.headers, body=answer.bytes)


def saying(status: int, body: Any = b"", **headers: str) -> HttpReply:
    """Bytes as they are, anything else as JSON."""
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpReply(status=status, headers=headers, body=said)
