"""Have what a request refers to: from the library, or from the web."""

from __future__ import annotations

from darkroom.domain.file_links import storage_key
from darkroom.domain.image_request import ImageRequest, Reference
from darkroom.domain.job import Failure
from darkroom.domain.ports import (
    Fetcher,
    Finisher,
    ImageStore,
    Pictures,
    Unfetchable,
    UnreadableImage,
)

# What may be better in a moment; anything else is as it is.
_PASSING = {"timeout", "unreachable", "status_429", "status_500", "status_502", "status_503"}


class NotGathered(Exception):  # noqa: N818 - a fact about the request
    def __init__(self, failure: Failure, *, may_retry: bool) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.may_retry = may_retry


def gather_pictures(
    request: ImageRequest, *, images: ImageStore, fetcher: Fetcher, finisher: Finisher
) -> Pictures:
    """Raises NotGathered, which names what could not be had."""

    def have(reference: Reference, what: str) -> bytes:
        if reference.url is not None:
            return _from_the_web(reference.url, what, fetcher, finisher)
        return _from_the_library(reference, what, images)

    return Pictures(
        references=tuple(have(reference, "reference") for reference in request.references),
        mask=have(request.mask, "mask") if request.mask else None,
    )


def _from_the_library(reference: Reference, what: str, images: ImageStore) -> bytes:
    kept = images.find(storage_key(reference.file or ""))
    if kept is None:
        text = f"The {what} {reference.media} was deleted before the image was made."
        raise NotGathered(Failure(code=f"{what}.deleted", message=text), may_retry=False)
    return kept.body


def _from_the_web(url: str, what: str, fetcher: Fetcher, finisher: Finisher) -> bytes:
    try:
        return finisher.clean(fetcher.fetch(url)).body
    except Unfetchable as error:
        text = f"The {what} {url} could not be fetched ({error.reason})."
        failure = Failure(code=f"{what}.{error.reason}", message=text)
        raise NotGathered(failure, may_retry=error.reason in _PASSING) from None
    except UnreadableImage:
        text = f"The {what} {url} is not an image that can be used: PNG, JPEG or WebP."
        failure = Failure(code=f"{what}.unreadable", message=text)
        raise NotGathered(failure, may_retry=False) from None
