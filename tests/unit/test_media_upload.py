import pytest

from darkroom.domain.errors import InvalidRequest, NotFound, Unavailable
from darkroom.domain.file_links import storage_key, upload_key
from darkroom.domain.library_operations import BeginUpload, CompleteUpload, ImportMedia, UploadMedia
from darkroom.domain.media import MediaStatus
from darkroom.domain.operations import Caller
from darkroom.domain.worker_ports import CleanImage, FetchFailed, UnreadableImage
from darkroom.usecases.media_upload import MediaUploads, give_up_upload, import_media
from tests.builders import WORKSPACE, account, grant
from tests.fakes.store import FakeAccounts, FakeImages, FakeLibrary, FakeQueue, FakeTable
from tests.fakes.world import FakeClock, FakeIds

CALLER = Caller(workspace=WORKSPACE, scopes=frozenset({"media:write"}), key="k")
ACCOUNT = account()
CLEAN = CleanImage(body=b"clean", format="png", width=3, height=2, thumbnail=b"small")


class House:
    """The API on one side of the queue, a worker on the other, who works while the API sleeps."""

    def __init__(self):
        table, self.clock = FakeTable(), FakeClock()
        self.library, self.images, self.queue = FakeLibrary(table), FakeImages(), FakeQueue()
        accounts = FakeAccounts(table)
        accounts.open(ACCOUNT, grant(ACCOUNT))
        self.uploads = MediaUploads(
            accounts=accounts,
            library=self.library,
            images=self.images,
            queue=self.queue,
            clock=self.clock,
            ids=FakeIds(),
        )
        self.web, self.seen, self.on_clean = {}, [], lambda: None
        self.clock.on_sleep = self.work

    def clean(self, body):
        self.seen.append(body)
        self.on_clean()
        if body == b"nonsense":
            raise UnreadableImage
        return CLEAN

    def measure(self, _body):
        return 3, 2

    def thumbnail(self, body):
        return b"small " + body

    def fetch(self, url):
        if url not in self.web:
            raise FetchFailed("status_404")
        return self.web[url]

    def work(self):
        while self.queue.imports:
            import_media(
                self.queue.imports.pop(0),
                library=self.library,
                images=self.images,
                fetcher=self,
                finisher=self,
            )

    def upload(self, body, wait=25):
        return self.uploads.upload(UploadMedia(name="a.png", body=body, wait=wait), CALLER, ACCOUNT)


def test_an_upload_is_answered_when_a_worker_has_looked_at_it():
    house = House()
    media = house.upload(b"dirty")
    assert (media.status, media.format, media.width, media.size) == ("ready", "png", 3, 5)
    assert house.seen == [b"dirty"]
    # Nothing of what was sent stays, only what was made of it.
    assert {key: file.body for key, file in house.images.files.items()} == {
        storage_key(f"{media.id}.png"): b"clean",
        storage_key(f"{media.id}-thumb.jpg"): b"small",
    }


def test_what_is_no_image_is_refused_and_not_kept():
    house = House()
    with pytest.raises(InvalidRequest) as refused:
        house.upload(b"nonsense")
    assert (refused.value.field, refused.value.reason) == ("file", "unreadable")
    assert house.images.files == {}


def test_an_upload_that_takes_too_long_goes_on_by_itself():
    house = House()
    house.clock.on_sleep = lambda: None
    media = house.upload(b"dirty", wait=3)
    assert media.status is MediaStatus.PROCESSING
    house.work()
    assert house.library.get(WORKSPACE, media.id).status is MediaStatus.READY


def test_an_upload_whose_message_is_lost_says_so():
    house = House()
    house.queue.send_import = lambda _: False
    with pytest.raises(Unavailable):
        house.upload(b"dirty")


def test_an_image_on_the_web_is_fetched_by_the_worker():
    house = House()
    house.web["https://a.example/x"] = b"dirty"
    command = ImportMedia(name=None, url="https://a.example/x", wait=25)
    media = house.uploads.fetch(command, CALLER, ACCOUNT)
    assert (media.status, media.url) == ("ready", "https://a.example/x")


def test_what_cannot_be_fetched_is_refused_with_the_reason():
    command = ImportMedia(name=None, url="https://a.example/x", wait=25)
    with pytest.raises(InvalidRequest) as refused:
        House().uploads.fetch(command, CALLER, ACCOUNT)
    assert (refused.value.field, refused.value.reason) == ("url", "status_404")


def test_a_large_file_goes_to_an_address_and_is_looked_at_when_its_owner_says_so():
    house = House()
    begin = BeginUpload(name="a", content_type="image/png", size=9)
    begun = house.uploads.begin(begin, CALLER, ACCOUNT)
    assert begun.fields["key"] == upload_key(begun.media.id)
    complete = CompleteUpload(media=begun.media.id, wait=25)
    with pytest.raises(InvalidRequest, match="Nothing was uploaded"):
        house.uploads.complete(complete, CALLER)
    house.images.put_once(upload_key(begun.media.id), b"dirty", "image/png", None)
    assert house.uploads.complete(complete, CALLER).status is MediaStatus.READY
    # A repeat answers what there is, and nothing is looked at twice.
    assert house.uploads.complete(complete, CALLER).status is MediaStatus.READY
    assert house.seen == [b"dirty"]


def test_nobody_completes_what_is_not_his():
    house = House()
    begin = BeginUpload(name="a", content_type="image/png", size=9)
    begun = house.uploads.begin(begin, CALLER, ACCOUNT)
    other = Caller(workspace="other", scopes=frozenset(), key="k")
    with pytest.raises(NotFound):
        house.uploads.complete(CompleteUpload(media=begun.media.id, wait=0), other)


def test_a_worker_that_comes_after_one_that_died_keeps_the_image_that_is_there():
    house = House()
    house.clock.on_sleep = lambda: None
    media = house.upload(b"dirty", wait=1)
    house.images.put_once(storage_key(f"{media.id}.png"), b"the first", "image/png", None)
    house.work()
    assert house.images.files[storage_key(f"{media.id}.png")].body == b"the first"
    assert house.library.get(WORKSPACE, media.id).size == len(b"the first")
    # It is ours: what we encoded ourselves may be more than we take from anyone.
    assert house.seen == []


def test_what_its_owner_deletes_while_a_worker_is_at_it_leaves_no_file():
    house = House()
    house.clock.on_sleep = lambda: None
    media = house.upload(b"dirty", wait=1)
    house.on_clean = lambda: house.library.remove(media)
    house.work()
    assert house.library.get(WORKSPACE, media.id) is None
    assert house.images.files == {}


def test_completing_again_sends_again_when_the_first_message_was_lost():
    house = House()
    begin = BeginUpload(name="a", content_type="image/png", size=9)
    begun = house.uploads.begin(begin, CALLER, ACCOUNT)
    house.images.put_once(upload_key(begun.media.id), b"dirty", "image/png", None)
    complete = CompleteUpload(media=begun.media.id, wait=25)
    send, house.queue.send_import = house.queue.send_import, lambda _: False
    with pytest.raises(Unavailable):
        house.uploads.complete(complete, CALLER)
    house.queue.send_import = send
    assert house.uploads.complete(complete, CALLER).status is MediaStatus.READY


def test_an_upload_that_kills_its_workers_fails_and_leaves_nothing():
    house = House()
    house.clock.on_sleep = lambda: None
    media = house.upload(b"dirty", wait=1)
    house.images.put_once(storage_key(f"{media.id}.png"), b"half", "image/png", None)
    [order] = house.queue.imports
    give_up_upload(order, library=house.library, images=house.images)
    assert house.library.get(WORKSPACE, media.id).failure == "gave_up"
    assert house.images.files == {}


def test_an_address_takes_a_file_of_the_size_that_was_told_and_no_larger():
    begin = BeginUpload(name="a", content_type="image/png", size=9)
    assert House().uploads.begin(begin, CALLER, ACCOUNT).fields["most"] == "9"
