"""The pictures that a request refers to, as a worker has them before it asks a provider."""

import pytest

from darkroom.domain.file_links import storage_key
from darkroom.domain.image_request import Reference
from darkroom.usecases.load_references import ReferencesUnavailable, load_references
from tests.builders import image_request
from tests.fakes.store import FakeImages

MOST = 64 * 1024 * 1024


class NobodyDecodes:
    """Takes every body as it is; `reduced` counts them."""

    reduced = 0

    def reduce(self, body, _longest_side):
        self.reduced += 1
        return body


def gathered(*sizes, mask=None):
    images, finisher = FakeImages(), NobodyDecodes()
    names = [f"{number}.png" for number in range(len(sizes))]
    for name, size in zip(names, sizes, strict=True):
        images.put_once(storage_key(name), bytes(size), "image/png", None)
    references = tuple(Reference(media=name, file=name) for name in names)
    if mask is not None:
        images.put_once(storage_key("mask.png"), bytes(mask), "image/png", None)
        mask = Reference(media="mask.png", file="mask.png")
    request = image_request(references=references, mask=mask)
    try:
        return load_references(request, images=images, fetcher=None, finisher=finisher)
    finally:
        gathered.reduced = finisher.reduced


def test_references_may_have_this_many_bytes_together():
    found = gathered(MOST - 1, 1)
    assert [len(body) for body in found.references] == [MOST - 1, 1]
    assert gathered.reduced == 2


@pytest.mark.parametrize(
    ("sizes", "mask"),
    [((MOST, 1), None), ((MOST // 2, MOST // 2, 1), None), ((MOST,), 1)],
    ids=["two", "three", "a mask"],
)
def test_references_of_more_bytes_together_fail_the_image_before_any_is_decoded(sizes, mask):
    with pytest.raises(ReferencesUnavailable, match="67,108,864 bytes together") as refused:
        gathered(*sizes, mask=mask)
    assert refused.value.failure.code == "reference.too_large"
    assert not refused.value.may_retry
    assert gathered.reduced == 0
