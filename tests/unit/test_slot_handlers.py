from dataclasses import replace

import pytest

from darkroom.domain.caption_request import CaptionRequest
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.file_links import storage_key
from darkroom.domain.image_request import Reference
from darkroom.domain.job import Caption, Failure, SlotStatus, Written
from darkroom.domain.library_ports import StoredFile
from darkroom.domain.worker_ports import (
    CleanImage,
    FetchFailed,
    FinishedImage,
    GeneratedImage,
    UnreadableImage,
    WriterFailed,
)
from darkroom.usecases.generate_captions import CaptionGenerator
from darkroom.usecases.process_slot import MAX_LEASES, SlotOutcome, SlotResult, handle_slot
from tests.builders import account, grant, image_generator, image_request, new_job
from tests.fakes.store import FakeAccounts, FakeImages, FakeJobs, FakeLibrary, FakeTable
from tests.fakes.world import FakeClock

NOW = FakeClock().now()
ROUTE = ProviderRoute(provider="painter", model="painter")


class Writer:
    name = "the writer"

    def __init__(self, *, fails=False):
        self.fails, self.asked = fails, []

    def enhance(self, prompt):
        self.asked.append(prompt)
        if self.fails:
            raise WriterFailed
        return f"{prompt}, at dawn"

    def captions(self, brief):
        self.asked.append(brief)
        if self.fails:
            raise WriterFailed
        return dict.fromkeys(brief.post_types, Caption(text=brief.prompt, writer=self.name))


class Studio:
    """A worker at one slot; `given` is what its maker was asked for."""

    def __init__(self, *, leases=1, writers=(), **request):
        table = FakeTable()
        self.jobs, self.images, self.web = FakeJobs(table), FakeImages(), {}
        opened = account()
        FakeAccounts(table).open(opened, grant(opened))
        job = new_job()
        slot = replace(job.slots[0], status=SlotStatus.MAKING, leases=leases)
        self.job = replace(job, request=image_request(**request), slots=(slot,))
        self.jobs.create(self.job, None, 50)
        self.writers, self.given = writers, []

    def make(self, generation, _routes):
        self.given.append((generation.request, generation.pictures))
        return GeneratedImage(body=b"made", route=ROUTE, attempts=())

    def finish(self, body, **_how):
        return FinishedImage(body=body, thumbnail=b"small")

    def clean(self, body):
        if body == b"nonsense":
            raise UnreadableImage
        return replace(CLEANED, body=b"clean " + body)

    def reduce(self, body, _longest_side):
        return body

    def fetch(self, url):
        answer = self.web.get(url, FetchFailed("status_404"))
        if isinstance(answer, FetchFailed):
            raise answer
        return answer

    def work(self):
        handler = image_generator(
            self.jobs, self, self, self.images, FakeClock(), fetcher=self, writers=self.writers
        )
        return handle_slot(handler, self.job, 0, NOW).slot


CLEANED = CleanImage(body=b"", format="png", width=1, height=1, thumbnail=b"")
WEB = "https://a.example/x.png"


def test_the_maker_is_given_the_pictures_themselves():
    studio = Studio(
        references=(Reference(media="m", file="m.png"), Reference(url=WEB)),
        mask=Reference(media="n", file="n.png"),
    )
    for name in ("m.png", "n.png"):
        studio.images.files[storage_key(name)] = StoredFile(body=name.encode(), made_by=None)
    studio.web[WEB] = b"from outside"
    assert studio.work().status is SlotStatus.STORED
    [(_, pictures)] = studio.given
    assert pictures.references == (b"m.png", b"clean from outside")
    assert pictures.mask == b"n.png"


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (FetchFailed("status_404"), "reference.status_404", "answered with status 404."),
        (FetchFailed("denied"), "reference.denied", "not of the public web."),
        (b"nonsense", "reference.unreadable", "PNG, JPEG or WebP"),
    ],
)
def test_a_reference_that_cannot_be_had_fails_the_image_and_is_named(answer, code, told):
    studio = Studio(references=(Reference(url=WEB),))
    studio.web[WEB] = answer
    slot = studio.work()
    assert (slot.status, slot.failure.code) == (SlotStatus.FAILED, code)
    assert WEB in slot.failure.message
    assert told in slot.failure.message
    assert studio.given == []


def test_a_reference_that_was_deleted_meanwhile_is_named_too():
    slot = Studio(references=(Reference(media="m", file="m.png"),)).work()
    assert (slot.failure.code, slot.status) == ("reference.deleted", SlotStatus.FAILED)
    assert "reference m was deleted" in slot.failure.message


def test_an_address_that_does_not_answer_is_tried_again_as_often_as_a_provider():
    for leases, status in ((1, SlotStatus.WAITING), (MAX_LEASES, SlotStatus.FAILED)):
        studio = Studio(leases=leases, references=(Reference(url=WEB),))
        studio.web[WEB] = FetchFailed("timeout")
        assert studio.work().status is status


def test_an_enhanced_prompt_is_made_with_and_kept_on_the_job():
    studio = Studio(enhance=True, writers=(Writer(),))
    studio.work()
    [(request, _)] = studio.given
    assert request.prompt == "a red boat, at dawn"
    kept = studio.jobs.get(studio.job.workspace, studio.job.id)
    assert kept.enhanced == Written(text="a red boat, at dawn", writer="the writer")
    assert kept.picture.prompt == "a red boat"


def test_all_images_of_a_job_are_of_the_prompt_that_came_first():
    writer = Writer()
    studio = Studio(enhance=True, writers=(writer,))
    first = Written(text="a red boat at noon", writer="another")
    studio.job = replace(studio.job, enhanced=first)
    studio.work()
    assert studio.given[0][0].prompt == "a red boat at noon"
    assert writer.asked == []


def test_when_one_writer_fails_the_next_is_asked():
    studio = Studio(enhance=True, writers=(Writer(fails=True), Writer()))
    studio.work()
    assert studio.given[0][0].prompt == "a red boat, at dawn"


def caption_job(leases=1):
    job = new_job()
    request = CaptionRequest(
        prompt="bread", post_types=("x-post", "linkedin-post"), research_mode="regular"
    )
    slot = replace(job.slots[0], status=SlotStatus.MAKING, leases=leases)
    return replace(job, request=request, slots=(slot,))


def test_captions_are_written_and_signed():
    handler = CaptionGenerator(library=FakeLibrary(FakeTable()), writer=Writer())
    slot = handle_slot(handler, caption_job(), 0, NOW).slot
    assert slot.status is SlotStatus.STORED
    assert slot.captions == dict.fromkeys(
        ("x-post", "linkedin-post"), Caption(text="bread", writer="the writer")
    )


def test_a_writer_that_fails_is_asked_again_and_then_given_up():
    handler = CaptionGenerator(library=FakeLibrary(FakeTable()), writer=Writer(fails=True))
    assert handle_slot(handler, caption_job(), 0, NOW).slot.status is SlotStatus.WAITING
    last = handle_slot(handler, caption_job(MAX_LEASES), 0, NOW).slot
    assert (last.status, last.failure.code) == (SlotStatus.FAILED, "writer_failed")


def test_captions_that_killed_their_writers_are_given_up():
    handler = CaptionGenerator(library=FakeLibrary(FakeTable()), writer=Writer())
    assert (
        handle_slot(handler, caption_job(MAX_LEASES + 1), 0, NOW).slot.status is SlotStatus.FAILED
    )


def test_what_is_said_of_a_reference_reaches_the_maker():
    described = Reference(media="m", file="m.png", description="her face")
    studio = Studio(references=(described,))
    studio.images.files[storage_key("m.png")] = StoredFile(body=b"x", made_by=None)
    studio.work()
    assert studio.given[0][0].prompt == "a red boat Reference 1: her face."


WHY = Failure(code="x", message="y")


@pytest.mark.parametrize(
    ("result", "leases", "status", "leases_after", "failure"),
    [
        (SlotResult.STORED, MAX_LEASES, SlotStatus.STORED, MAX_LEASES, None),
        (SlotResult.PENDING, MAX_LEASES, SlotStatus.MAKING, MAX_LEASES, None),
        (SlotResult.FAILED, 1, SlotStatus.FAILED, 1, WHY),
        (SlotResult.RETRY, 1, SlotStatus.WAITING, 1, WHY),
        (SlotResult.RETRY, MAX_LEASES, SlotStatus.FAILED, MAX_LEASES, WHY),
        (SlotResult.UNCOUNTED, MAX_LEASES, SlotStatus.WAITING, MAX_LEASES - 1, WHY),
    ],
)
def test_what_came_of_a_try_decides_whether_there_is_another(
    result, leases, status, leases_after, failure
):
    class Handler:
        def find_stored(self, _job, _index):
            return None

        def handle(self, job, index):
            return SlotOutcome(result=result, slot=job.slots[index], failure=failure, after=7)

    job = new_job()
    slot = replace(job.slots[0], status=SlotStatus.MAKING, leases=leases)
    outcome = handle_slot(Handler(), replace(job, slots=(slot,)), 0, NOW)
    after = replace(slot, status=status, leases=leases_after, failure=failure)
    assert (outcome.slot, outcome.after) == (after, 7)
