from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.attempts import Attempt, PendingGeneration
from darkroom.domain.catalogue import ProviderRoute
from darkroom.domain.errors import NotFound
from darkroom.domain.file_links import file_keys, image_name, storage_key, thumbnail_name
from darkroom.domain.job import Failure, JobKind, SlotStatus
from darkroom.domain.job_moves import cancel
from darkroom.domain.operations import ReceiveCallback
from darkroom.domain.ports import SlotMessage
from darkroom.domain.worker_ports import (
    FinishedImage,
    GeneratedImage,
    GenerationFailed,
    GenerationStarted,
    UnreadableImage,
)
from darkroom.usecases.process_slot import MAX_LEASES, Result, SlotProcessor
from darkroom.usecases.receive_callback import receive_callback
from tests.builders import NOW, WORKSPACE, account, grant, image_generator, new_job, number_id
from tests.fakes.store import FakeAccounts, FakeImages, FakeJobs, FakeQueue, FakeTable
from tests.fakes.world import FakeClock, FakeIds

ROUTE = ProviderRoute(provider="painter", model="painter")
TRIED = (Attempt(provider="painter", model="painter", outcome="x", milliseconds=1),)
MADE = GeneratedImage(body=b"raw", route=ROUTE, attempts=TRIED)
OUTAGE = GenerationFailed(
    failure=Failure(code="provider_failed", message="down"), may_retry=True, attempts=TRIED
)
REFUSAL = GenerationFailed(
    failure=Failure(code="refused", message="no"), may_retry=False, attempts=TRIED
)
MESSAGE = SlotMessage(workspace=WORKSPACE, job=new_job().id, slot=0)


class Studio:
    """`answers` is what the maker says, one a call; `meanwhile` happens while it works."""

    def __init__(self, n=1):
        self.table, self.clock, self.images = FakeTable(), FakeClock(), FakeImages()
        self.jobs = FakeJobs(self.table)
        opened = account()
        FakeAccounts(self.table).open(opened, grant(opened))
        self.jobs.create(new_job(n), None, 50)
        self.ids, self.answers, self.calls = FakeIds(), [], 0
        self.meanwhile = lambda: None
        self.unreadable = False
        self.looks, self.abandoned = [], []
        self.public_url = ""

    def make(self, generation, _routes):
        self.calls += 1
        self.earlier, self.callback = generation.earlier, generation.callback
        self.meanwhile()
        return self.answers.pop(0) if self.answers else MADE

    def poll_image(self, pending, _earlier):
        self.looks.append(pending.polls)
        return self.answers.pop(0) if self.answers else MADE

    def cancel_image(self, pending):
        self.abandoned.append(pending.id)

    def finish(self, body, **_how):
        if self.unreadable:
            raise UnreadableImage
        return FinishedImage(body=body, thumbnail=self.thumbnail(body))

    def thumbnail(self, body):
        return b"small " + body

    def work(self, message=MESSAGE):
        return SlotProcessor(
            jobs=self.jobs,
            handlers={
                JobKind.IMAGES: image_generator(
                    self.jobs, self, self, self.images, self.clock, public_url=self.public_url
                )
            },
            images=self.images,
            clock=self.clock,
            ids=self.ids,
            lease_time=timedelta(seconds=60),
        ).process(message)

    @property
    def job(self):
        return self.jobs.get(WORKSPACE, MESSAGE.job)


def test_an_image_is_made_stored_and_settled():
    studio = Studio()
    assert studio.work().result is Result.STORED
    assert studio.job.status == "completed"
    media = studio.job.slots[0].media_id
    assert set(studio.images.files) == {
        storage_key(image_name(media, "webp")),
        storage_key(thumbnail_name(media)),
    }
    assert studio.job.slots[0].attempts == TRIED


def test_the_job_is_settled_by_its_last_image_only():
    studio = Studio(2)
    studio.work()
    assert studio.job.status == "processing"
    studio.work(SlotMessage(workspace=WORKSPACE, job=MESSAGE.job, slot=1))
    assert studio.job.status == "completed"


def test_a_stored_image_is_not_made_again():
    studio = Studio(2)
    studio.work()
    assert studio.work().result is Result.NOTHING_TO_DO
    assert studio.calls == 1


def test_an_outage_is_tried_again_and_then_given_up():
    studio = Studio()
    studio.answers = [OUTAGE] * MAX_LEASES
    results = [studio.work().result for _ in range(MAX_LEASES)]
    assert results == [Result.RETRY] * (MAX_LEASES - 1) + [Result.FAILED]
    assert studio.job.status == "failed"
    assert len(studio.job.slots[0].attempts) == MAX_LEASES
    assert studio.table.accounts[WORKSPACE].balance == 100


def test_an_image_that_kills_its_workers_is_given_up():
    studio = Studio()

    def die():
        raise KeyboardInterrupt

    studio.meanwhile = die
    for _ in range(MAX_LEASES):
        with pytest.raises(KeyboardInterrupt):
            studio.work()
        studio.clock.pass_time(61)
    assert studio.work().result is Result.FAILED
    assert studio.calls == MAX_LEASES
    assert studio.job.slots[0].failure.code == "gave_up"
    assert studio.table.accounts[WORKSPACE].balance == 100


def test_a_refusal_is_final_at_once():
    studio = Studio()
    studio.answers = [REFUSAL]
    assert studio.work().result is Result.FAILED
    assert studio.job.slots[0].failure.code == "refused"


def test_bytes_that_are_no_image_are_tried_again():
    studio = Studio()
    studio.unreadable = True
    assert studio.work().result is Result.RETRY
    assert studio.images.files == {}


def test_a_second_worker_comes_back_when_the_first_ones_lease_is_over():
    studio = Studio()
    reports = []
    studio.meanwhile = lambda: (
        studio.__setattr__("meanwhile", lambda: None),
        reports.append(studio.work()),
    )
    studio.work()
    assert [(report.result, report.after) for report in reports] == [(Result.TAKEN, 61)]
    assert studio.calls == 1


def test_a_worker_that_overslept_its_lease_leaves_the_new_ones_files_alone():
    studio = Studio()

    def another_takes_over():
        studio.meanwhile = lambda: None
        studio.clock.pass_time(61)
        assert studio.work().result is Result.STORED

    studio.meanwhile = another_takes_over
    assert studio.work().result is Result.NOTHING_TO_DO
    assert len(studio.images.files) == 2
    assert studio.table.accounts[WORKSPACE].spent == 1


def test_a_worker_whose_job_was_canceled_leaves_no_file():
    studio = Studio()
    studio.meanwhile = lambda: studio.jobs.end(studio.job, cancel(studio.job, studio.clock.now()))
    assert studio.work().result is Result.NOTHING_TO_DO
    assert studio.images.files == {}
    assert studio.table.accounts[WORKSPACE].balance == 100


def test_an_image_that_a_dead_worker_stored_is_used_and_gets_its_own_thumbnail():
    studio = Studio()
    another = ProviderRoute(provider="another", model="m")
    image_key, thumbnail_key = file_keys(studio.job.slots[0].media_id, "webp")

    def store_and_die():
        studio.images.put_once(image_key, b"theirs", "image/webp", another)
        raise KeyboardInterrupt

    studio.meanwhile = store_and_die
    with pytest.raises(KeyboardInterrupt):
        studio.work()
    studio.clock.pass_time(61)
    assert studio.work().result is Result.STORED
    assert studio.calls == 1
    image = studio.job.slots[0].image
    assert (image.size, image.provider) == (len(b"theirs"), "another")
    assert studio.images.files[thumbnail_key].body == b"small theirs"


def test_when_a_worker_that_overslept_stores_first_its_image_stays():
    studio = Studio()
    another = ProviderRoute(provider="another", model="m")
    image_key, thumbnail_key = file_keys(studio.job.slots[0].media_id, "webp")
    studio.meanwhile = lambda: studio.images.put_once(image_key, b"theirs", "image/webp", another)
    assert studio.work().result is Result.STORED
    assert studio.job.slots[0].image.provider == "another"
    assert studio.images.files[thumbnail_key].body == b"small theirs"


def test_an_order_for_a_job_that_is_gone_is_done():
    gone = SlotMessage(workspace=WORKSPACE, job=number_id(77), slot=0)
    assert Studio().work(gone).result is Result.NOTHING_TO_DO


def test_a_job_whose_last_worker_died_before_settling_is_settled_by_the_next_message():
    studio = Studio()
    end, studio.jobs.end = studio.jobs.end, pytest.fail
    with pytest.raises((pytest.fail.Exception, TypeError)):
        studio.work()
    studio.jobs.end = end
    assert studio.work().result is Result.NOTHING_TO_DO
    assert studio.job.status == "completed"


PENDING = PendingGeneration(
    provider="fal",
    model="fal-ai/x",
    id="task-1",
    poll="https://fal.test/task-1",
    cancel="https://fal.test/task-1/cancel",
    pace=3,
    begun_at=NOW,
)
BEGUN = GenerationStarted(pending=PENDING, attempts=())
BUSY = replace(OUTAGE, busy_for=40)


def test_a_slow_provider_holds_no_worker_its_image_is_asked_after_by_a_message_of_its_own():
    studio = Studio()
    studio.answers = [BEGUN, None, None]
    report = studio.work()
    for polls in (1, 2):
        assert (report.result, report.after) == (Result.PENDING, 3)
        assert studio.job.slots[0].pending.polls == polls - 1
        studio.clock.pass_time(report.after)
        report = studio.work(report.again)
    assert report.result is Result.PENDING
    assert studio.work(report.again).result is Result.STORED
    assert (studio.calls, studio.looks) == (1, [1, 2, 3])
    assert studio.job.status == "completed"
    assert studio.job.slots[0].pending is None


def test_a_message_delivered_twice_asks_once():
    studio = Studio()
    studio.answers = [BEGUN, None]
    first = studio.work().again
    studio.work(first)
    assert studio.work(first).result is Result.NOTHING_TO_DO
    assert studio.looks == [1]


def test_what_is_parked_is_not_begun_again_by_whoever_comes_without_its_lease():
    studio = Studio()
    studio.answers = [BEGUN]
    studio.work()
    assert studio.work().result is Result.NOTHING_TO_DO
    assert (studio.calls, studio.looks) == (1, [])


def test_a_parked_image_whose_message_was_lost_is_asked_after_and_not_begun_again():
    studio = Studio()
    studio.answers = [BEGUN]
    studio.work()
    studio.clock.pass_time(60 + 3 + 1)
    assert studio.work().result is Result.STORED
    assert (studio.calls, studio.looks) == (1, [0])


def test_a_canceled_job_stops_what_is_in_the_making_at_its_provider():
    studio = Studio()
    studio.answers = [BEGUN]
    again = studio.work().again
    studio.jobs.end(studio.job, cancel(studio.job, studio.clock.now()))
    assert studio.work(again).result is Result.NOTHING_TO_DO
    assert (studio.abandoned, studio.looks) == (["task-1"], [])


def test_what_a_provider_begins_as_the_job_is_canceled_is_stopped():
    studio = Studio()
    studio.answers = [BEGUN]
    studio.meanwhile = lambda: studio.jobs.end(studio.job, cancel(studio.job, studio.clock.now()))
    assert studio.work().result is Result.NOTHING_TO_DO
    assert studio.abandoned == ["task-1"]


def test_what_its_provider_gives_up_goes_to_the_other_routes():
    studio = Studio()
    studio.answers = [BEGUN, OUTAGE, MADE]
    report = studio.work(studio.work().again)
    assert (report.result, report.again, report.after) == (Result.RETRY, MESSAGE, 1)
    assert (studio.job.slots[0].pending, studio.job.slots[0].leases) == (None, 0)
    assert studio.work(report.again).result is Result.STORED
    assert (studio.calls, studio.looks, studio.earlier) == (2, [1], TRIED)


def test_waiting_for_busy_providers_uses_up_no_try():
    studio = Studio()
    studio.answers = [BUSY] * (MAX_LEASES + 2)
    for _ in range(MAX_LEASES + 2):
        report = studio.work()
        assert (report.result, report.after, report.again) == (Result.RETRY, 40, MESSAGE)
        assert studio.job.slots[0].status is SlotStatus.WAITING
    assert studio.work().result is Result.STORED


SAID = {"at": NOW, "headers": {}, "body": b"{}"}


def heard(studio, queue, **changes):
    pending = studio.job.slots[0].pending
    said = {"workspace": WORKSPACE, "job": MESSAGE.job, "slot": 0, "token": pending.token, **SAID}
    said = ReceiveCallback(**{**said, **changes})
    return receive_callback(said, jobs=studio.jobs, queue=queue, callbacks=queue)


def test_a_provider_that_says_it_is_done_is_asked_at_once():
    studio, queue = Studio(), FakeQueue()
    studio.answers = [BEGUN]
    later = studio.work().again
    heard(studio, queue)
    heard(studio, queue)  # they say it as often as they like
    [(at_once, seconds), (again, _)] = queue.later
    assert seconds == 0
    assert studio.work(at_once).result is Result.STORED
    assert studio.work(again).result is studio.work(later).result is Result.NOTHING_TO_DO
    assert studio.looks == [1]


@pytest.mark.parametrize(
    "changes",
    [{"token": "guessed"}, {"token": "é"}, {"slot": 1}, {"job": number_id(9)}, {"workspace": "x"}],
)
def test_nobody_else_can_say_so(changes):
    studio, queue = Studio(), FakeQueue()
    studio.answers = [BEGUN]
    studio.work()
    with pytest.raises(NotFound):
        heard(studio, queue, **changes)
    assert queue.later == []


def test_there_is_no_news_of_what_is_not_in_the_making():
    studio, queue = Studio(), FakeQueue()
    studio.work()
    said = ReceiveCallback(workspace=WORKSPACE, job=MESSAGE.job, slot=0, token="", **SAID)
    with pytest.raises(NotFound):
        receive_callback(said, jobs=studio.jobs, queue=queue, callbacks=queue)


def test_a_provider_is_told_where_to_say_so_where_it_can_reach_us():
    studio = Studio()
    studio.public_url = "https://api.test"
    studio.answers = [BEGUN]
    studio.work()
    token = studio.job.slots[0].pending.token
    assert studio.callback == f"https://api.test/v1/callbacks/{WORKSPACE}/{MESSAGE.job}/0/{token}"
