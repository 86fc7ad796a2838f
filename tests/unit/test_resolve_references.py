from dataclasses import replace

import pytest

from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.collection import Collection, Member
from darkroom.domain.errors import InvalidRequest, NotReady, UnknownReference
from darkroom.domain.image_request import Reference
from darkroom.domain.job import Caption, JobStatus, SlotStatus
from darkroom.domain.media import Media, MediaStatus, Source
from darkroom.domain.operations import CaptionSource, Offer, SubmitJob
from darkroom.usecases.resolve_references import ReferenceStores, resolve_references
from tests.builders import NOW, WORKSPACE, image_request, new_job, number_id
from tests.fakes.store import FakeAliases, FakeCollections, FakeJobs, FakeLibrary, FakeTable

CAPTIONS = {
    "x-post": "Fresh bread every morning #bakery",
    "instagram-feed": "A warm loaf on a wooden table. Come by! #bread",
}


class Shelf:
    def __init__(self):
        self.table = FakeTable()
        self.stores = ReferenceStores(
            jobs=FakeJobs(self.table),
            library=FakeLibrary(self.table),
            collections=FakeCollections(self.table),
            aliases=FakeAliases(),
        )

    def media(self, number, status=MediaStatus.READY):
        kept = Media(
            id=number_id(number),
            workspace=WORKSPACE,
            source=Source.UPLOADED,
            status=status,
            created_at=NOW,
            format="png" if status is MediaStatus.READY else None,
        )
        self.stores.library.add(kept)
        return kept.id

    def captions(self, status=JobStatus.COMPLETED, media=()):
        job = new_job(number=7)
        request = CaptionRequest(
            prompt="bread",
            post_types=tuple(CAPTIONS),
            research_mode="regular",
            media=tuple(Reference(media=name) for name in media),
        )
        written = {name: Caption(text=text, writer="w") for name, text in CAPTIONS.items()}
        slot = replace(job.slots[0], status=SlotStatus.STORED, captions=written)
        self.table.jobs[WORKSPACE, job.id] = replace(
            job, request=request, slots=(slot,), status=status
        )
        return job.id

    def resolve_references(self, request=None, workspace=WORKSPACE, **command):
        asked = SubmitJob(
            dialect="native",
            request=request or image_request(),
            offer=Offer(name="painter", price=1),
            **command,
        )
        return resolve_references(asked, workspace, catalogue=whole_catalogue(), stores=self.stores)


def test_a_reference_from_the_library_brings_its_file():
    shelf = Shelf()
    name = shelf.media(1)
    asked = image_request(references=(Reference(media=name, description="the boat"),))
    [found] = shelf.resolve_references(asked).references
    assert found == Reference(media=name, file=f"{name}.png", description="the boat")


def test_so_does_a_mask_and_an_address_is_left_as_it_is():
    shelf = Shelf()
    web = Reference(url="https://a.example/x.png")
    asked = image_request(references=(web,), mask=Reference(media=shelf.media(1)))
    found = shelf.resolve_references(asked)
    assert found.references == (web,)
    assert found.mask.file == f"{number_id(1)}.png"


@pytest.mark.parametrize("workspace", [WORKSPACE, "other"])
def test_what_is_not_in_ones_own_library_is_not_found(workspace):
    shelf = Shelf()
    name = shelf.media(1) if workspace == "other" else number_id(2)
    with pytest.raises(UnknownReference):
        shelf.resolve_references(image_request(references=(Reference(media=name),)), workspace)


def test_what_is_still_looked_at_cannot_be_used_yet():
    shelf = Shelf()
    name = shelf.media(1, MediaStatus.PROCESSING)
    with pytest.raises(NotReady):
        shelf.resolve_references(image_request(references=(Reference(media=name),)))


def test_an_image_for_captions_is_about_all_of_them():
    shelf = Shelf()
    source = CaptionSource(job=shelf.captions())
    prompt = shelf.resolve_references(image_request(prompt=""), caption=source).prompt.lower()
    assert "bread" in prompt
    assert "#" not in prompt


def test_or_about_the_one_that_is_named_with_the_callers_own_direction_on_top():
    shelf = Shelf()
    source = CaptionSource(job=shelf.captions(), post_type="instagram-feed")
    prompt = shelf.resolve_references(
        image_request(prompt="Use a dark ground"), caption=source
    ).prompt
    assert "wooden table" in prompt
    assert "every morning" not in prompt
    assert prompt.index("wooden table") < prompt.index("Use a dark ground")


def test_what_the_captions_were_about_is_the_reference_unless_others_are_given():
    shelf = Shelf()
    source = CaptionSource(job=shelf.captions(media=[shelf.media(1)]))
    [found] = shelf.resolve_references(image_request(prompt=""), caption=source).references
    assert found.media == number_id(1)
    own = Reference(media=shelf.media(2))
    [found] = shelf.resolve_references(image_request(references=(own,)), caption=source).references
    assert found.media == number_id(2)


def test_captions_that_are_not_written_yet_cannot_be_used():
    shelf = Shelf()
    source = CaptionSource(job=shelf.captions(JobStatus.PROCESSING))
    with pytest.raises(NotReady):
        shelf.resolve_references(caption=source)


def test_a_job_that_writes_nothing_is_no_source_of_captions():
    shelf = Shelf()
    job = new_job(number=8)
    shelf.table.jobs[WORKSPACE, job.id] = job
    with pytest.raises(UnknownReference):
        shelf.resolve_references(caption=CaptionSource(job=job.id))


def test_a_post_type_without_a_caption_is_refused_by_name():
    shelf = Shelf()
    source = CaptionSource(job=shelf.captions(), post_type="tiktok-video")
    with pytest.raises(InvalidRequest, match="x-post, instagram-feed"):
        shelf.resolve_references(caption=source)


def collection(shelf, *members):
    kept = Collection(
        id=number_id(50),
        workspace=WORKSPACE,
        name="Ava",
        description="",
        created_at=NOW,
        updated_at=NOW,
        attributes={},
    )
    shelf.stores.collections.add(kept)
    shelf.stores.collections.fill(kept, members, ())
    return kept.id


def test_the_first_image_of_a_collection_is_the_reference_of_later_ones():
    shelf = Shelf()
    first = Member(place="1", media=shelf.media(1), file=f"{number_id(1)}.png")
    name = collection(shelf, first, Member(place="2", media=shelf.media(2), file="b.png"))
    [found] = shelf.resolve_references(collection=name).references
    assert found.media == number_id(1)


def test_a_deleted_first_image_is_no_reference():
    shelf = Shelf()
    name = collection(shelf, Member(place="1", media=number_id(1), file="a.png"))
    assert shelf.resolve_references(collection=name).references == ()


def test_the_next_one_is_the_reference_when_the_first_was_deleted():
    shelf = Shelf()
    gone = Member(place="1", media=number_id(1), file="a.png")
    name = collection(shelf, gone, Member(place="2", media=shelf.media(2), file="b.png"))
    assert shelf.resolve_references(collection=name).references[0].media == number_id(2)


def test_media_of_captions_that_were_deleted_are_no_error():
    shelf = Shelf()
    source = CaptionSource(job=shelf.captions(media=[number_id(1), shelf.media(2)]))
    [found] = shelf.resolve_references(image_request(prompt=""), caption=source).references
    assert found.media == number_id(2)


def test_a_model_that_takes_no_references_is_not_given_the_first_image():
    shelf = Shelf()
    name = collection(shelf, Member(place="1", url="https://a.example/x"))
    assert (
        shelf.resolve_references(image_request(model="imagen-4"), collection=name).references == ()
    )


def test_an_unknown_collection_is_not_found():
    with pytest.raises(UnknownReference):
        Shelf().resolve_references(collection=number_id(50))
