"""Whole objects for tests that care about one of their fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.clock_and_ids import uuid7
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.image_request import ImageRequest
from darkroom.domain.job import Job, Slot, SlotStatus, StoredImage
from darkroom.domain.money import Account, Entry, LedgerEntry
from darkroom.usecases.generate_image import ImageGenerator

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WORKSPACE = "acme"
STORED = StoredImage(
    format="webp",
    width=512,
    height=512,
    size=1234,
    provider="painter",
    provider_model="painter",
)


def number_id(number: int) -> str:
    return uuid7(1_760_000_000_000 + number, number)


def image_request(**changes: Any) -> ImageRequest:
    return ImageRequest(
        **{
            "prompt": "a red boat",
            "model": "painter",
            "width": 512,
            "height": 512,
            "n": 1,
            "seed": 7,
            **changes,
        }
    )


def new_job(n: int = 1, *, number: int = 1, workspace: str = WORKSPACE, price: int = 1) -> Job:
    return Job(
        id=number_id(number),
        workspace=workspace,
        dialect="native",
        request=image_request(n=n, guidance=7.5, metadata={"order": "42"}),
        price=price,
        slots=tuple(Slot(media_id=number_id(1000 * number + slot)) for slot in range(n)),
        created_at=NOW,
        updated_at=NOW,
        deadline=NOW + timedelta(minutes=15),
        due_at=NOW + timedelta(minutes=1),
    )


def stored(slot: Slot) -> Slot:
    return replace(slot, status=SlotStatus.STORED, image=STORED)


def account(
    credits_granted: int = 100, workspace: str = WORKSPACE, rpm: int = 600, max_in_flight: int = 50
) -> Account:
    return Account(
        workspace=workspace,
        tier="free",
        balance=credits_granted,
        held=0,
        spent=0,
        granted=credits_granted,
        requests_per_minute=rpm,
        max_in_flight=max_in_flight,
    )


def grant(opened: Account) -> LedgerEntry:
    return LedgerEntry(
        workspace=opened.workspace,
        kind=Entry.GRANT,
        amount=opened.granted,
        at=NOW,
        reference="opening",
    )


@cache
def _catalogue() -> Catalogue:
    """Read once: the crash proof makes a worker for each of its messages."""
    return whole_catalogue()


def image_generator(jobs, router, finisher, images, clock, **others) -> ImageGenerator:
    """The craft of a worker whose jobs refer to nothing and want no writer."""
    parts = {"fetcher": None, "writers": (), "catalogue": _catalogue(), **others}
    return ImageGenerator(
        jobs=jobs, router=router, finisher=finisher, images=images, clock=clock, **parts
    )
