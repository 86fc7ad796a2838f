"""Have what a request refers to: from the library, or from the web."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from darkroom.domain.address_texts import failed_fetch_text
from darkroom.domain.file_links import storage_key
from darkroom.domain.image_request import ImageRequest, Reference
from darkroom.domain.job import Failure
from darkroom.domain.library_ports import ImageStore
from darkroom.domain.worker_ports import Fetcher, FetchFailed, Finisher, Pictures, UnreadableImage

# Of all references of an image together: a worker has to hold them.
_MOST_BYTES = 64 * 1024 * 1024
_LONGEST_SIDE = 2048
# What may be better in a moment; anything else is as it is.
_PASSING = {"timeout", "unreachable", "tls", "status_429", "status_500", "status_502", "status_503"}


class ReferencesUnavailable(Exception):  # noqa: N818 - a fact about the request
    def __init__(self, failure: Failure, *, may_retry: bool) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.may_retry = may_retry


def load_references(
    request: ImageRequest, *, images: ImageStore, fetcher: Fetcher, finisher: Finisher
) -> Pictures:
    """Raises ReferencesUnavailable, which names what could not be had."""
    named = [("reference", reference) for reference in request.references]
    if request.mask is not None:
        named.append(("mask", request.mask))
    if not named:
        return Pictures()
    # At the same time: each may take as long as the fetcher waits, and the lease does not.
    with ThreadPoolExecutor(max_workers=len(named)) as pool:
        bodies = list(pool.map(lambda one: _had(one[0], one[1], images, fetcher), named))
    if sum(map(len, bodies)) > _MOST_BYTES:
        text = f"The references have more than {_MOST_BYTES:,} bytes together."
        raise ReferencesUnavailable(
            Failure(code="reference.too_large", message=text), may_retry=False
        )
    # One after the other: a decoded picture is large. And no larger than it can be of use.
    longest_side = max(_LONGEST_SIDE, request.width, request.height)
    clean = [
        finisher.reduce(_clean(what, reference, body, finisher), longest_side)
        for (what, reference), body in zip(named, bodies, strict=True)
    ]
    count = len(request.references)
    return Pictures(references=tuple(clean[:count]), mask=clean[count] if request.mask else None)


def _had(what: str, reference: Reference, images: ImageStore, fetcher: Fetcher) -> bytes:
    if reference.url is not None:
        return _from_the_web(reference.url, what, fetcher)
    return _from_the_library(reference, what, images)


def _clean(what: str, reference: Reference, body: bytes, finisher: Finisher) -> bytes:
    """What lies in the library was encoded by ourselves."""
    if reference.url is None:
        return body
    try:
        return finisher.clean(body).body
    except UnreadableImage:
        text = f"The {what} {reference.url} is not an image that can be used: PNG, JPEG or WebP."
        failure = Failure(code=f"{what}.unreadable", message=text)
        raise ReferencesUnavailable(failure, may_retry=False) from None


def _from_the_library(reference: Reference, what: str, images: ImageStore) -> bytes:
    kept = images.find(storage_key(reference.file or ""))
    if kept is None:
        text = f"The {what} {reference.media} was deleted before the image was made."
        raise ReferencesUnavailable(Failure(code=f"{what}.deleted", message=text), may_retry=False)
    return kept.body


def _from_the_web(url: str, what: str, fetcher: Fetcher) -> bytes:
    try:
        return fetcher.fetch(url)
    except FetchFailed as error:
        text = f"The {what} {url} could not be fetched: {failed_fetch_text(error.reason)}."
        failure = Failure(code=f"{what}.{error.reason}", message=text)
        raise ReferencesUnavailable(failure, may_retry=error.reason in _PASSING) from None
