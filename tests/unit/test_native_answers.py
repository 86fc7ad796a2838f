"""What a native answer says of each image."""

from dataclasses import replace

import pytest

from darkroom.dialects.native.event_answer import describe
from darkroom.domain.attempts import PendingGeneration
from darkroom.domain.job import Lease, SlotStatus, StoredImage
from darkroom.domain.job_moves import CANCELED, cancel
from tests.builders import NOW, STORED, image_request, new_job

PARKED = PendingGeneration(
    provider="fal",
    model="fal-ai/flux-2-pro",
    id="secret-task",
    poll="https://secret.test/poll",
    cancel="https://secret.test/cancel",
    pace=2,
    begun_at=NOW,
    token="secret-token",
)


def image_of(model="flux-2-pro", **changes):
    job = new_job()
    slot = replace(job.slots[0], **changes)
    job = replace(job, request=image_request(model=model), slots=(slot,))
    return describe(job, str)["images"][0]


def test_an_image_in_the_making_says_where_and_since_when_and_shows_no_receipt():
    lease = Lease(token="secret-lease", until=NOW)
    image = image_of(status=SlotStatus.MAKING, pending=PARKED, lease=lease)
    assert image["making"] == {
        "provider": "fal",
        "model": "fal-ai/flux-2-pro",
        "since": "2026-11-21T12:00:00.000Z",
    }
    assert "secret" not in repr(image)


def test_what_is_not_at_a_provider_says_nothing_of_one():
    assert "making" not in image_of(status=SlotStatus.WAITING)
    assert "making" not in image_of(status=SlotStatus.MAKING)
    assert "making" not in image_of(status=SlotStatus.STORED, image=STORED)


def test_what_was_canceled_is_no_longer_in_the_making():
    job = new_job()
    pending = replace(job.slots[0], status=SlotStatus.MAKING, pending=PARKED)
    image = describe(cancel(replace(job, slots=(pending,)), NOW), str)["images"][0]
    assert "making" not in image
    assert image["error"]["code"] == CANCELED.code
    assert [attempt["outcome"] for attempt in image["attempts"]] == ["abandoned"]


@pytest.mark.parametrize(
    ("provider", "model", "is_one"),
    [
        ("painter", "flux-2-pro", True),
        ("painter", "birefnet", True),
        ("painter", "painter", False),
        ("painter", "painter-cutout", False),
        ("fal", "flux-2-pro", False),
    ],
)
def test_an_image_by_the_painter_says_so_where_another_was_asked_for(provider, model, is_one):
    made = StoredImage(
        format="png", width=8, height=8, size=9, provider=provider, provider_model="x"
    )
    image = image_of(status=SlotStatus.STORED, image=made, model=model)
    assert image.get("stand_in") == (True if is_one else None)


def test_a_deleted_image_says_nothing_more():
    deleted = replace(STORED, is_deleted=True)
    image = image_of(status=SlotStatus.STORED, image=deleted)
    assert image.keys() == {"id", "status", "seed", "deleted", "attempts"}
