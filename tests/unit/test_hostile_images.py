import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from darkroom.domain.worker_ports import UnreadableImage
from darkroom.imaging.decode import decode
from darkroom.imaging.finish import PillowFinisher
from tests.hostile import jpegs, others, pngs

REFUSED = pngs.REFUSED | jpegs.REFUSED | others.REFUSED
CLEANED = pngs.CLEANED | jpegs.CLEANED | others.CLEANED
ROOT = Path(__file__).parents[2]
SECOND, MEGABYTES = 1, 200
# Good pictures of the largest sizes. WebP decodes onto three canvases.
LARGEST = {
    "png of 25,000,000 black pixels": (3 * SECOND, MEGABYTES),
    "jpeg of 25,000,000 pixels that are not there": (3 * SECOND, MEGABYTES),
    "jpeg in scans as large as it may be": (3 * SECOND, MEGABYTES),
    "webp as large as it may be": (3 * SECOND, 1.5 * MEGABYTES),
}


def each(table):
    return pytest.mark.parametrize("build", table.values(), ids=table.keys())


def clean(body):
    return PillowFinisher().clean(body)


def parts_of_png(body):
    at, kinds = 8, []
    while at < len(body):
        kinds.append(body[at + 4 : at + 8])
        at += 12 + int.from_bytes(body[at : at + 4])
    return kinds


def parts_of_jpeg(body):
    at, kinds = 2, []
    while not kinds or kinds[-1] != 0xDA:
        kinds.append(body[at + 1])
        at += 2 + int.from_bytes(body[at + 2 : at + 4])
    return [*kinds, body.index(b"\xff\xd9", at) + 2 - len(body)]


def parts_of_webp(body):
    assert int.from_bytes(body[4:8], "little") == len(body) - 8
    at, kinds = 12, []
    while at < len(body):
        kinds.append(body[at : at + 4])
        length = int.from_bytes(body[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return kinds


PARTS = {
    "png": (parts_of_png, {b"IHDR", b"IDAT", b"IEND"}),
    # Tables, one frame, one scan; nothing behind the end.
    "jpeg": (parts_of_jpeg, {0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0}),
    "webp": (parts_of_webp, {b"VP8 ", b"VP8X", b"ALPH"}),
}


@each(REFUSED)
def test_a_file_that_is_no_good_picture_is_refused_in_our_own_words(build):
    with pytest.raises(UnreadableImage):
        clean(build())


@each(CLEANED)
def test_a_file_that_hides_something_comes_back_with_nothing_but_its_pixels(build):
    body = build()
    cleaned = clean(body)
    with Image.open(io.BytesIO(cleaned.body)) as picture:
        picture.load()
        assert picture.format == cleaned.format.upper()
        assert picture.size == (cleaned.width, cleaned.height)
        assert not picture.getexif()
    parts, allowed = PARTS[cleaned.format]
    assert set(parts(cleaned.body)) <= allowed
    assert pngs.SCRIPT not in cleaned.body + cleaned.thumbnail
    with Image.open(io.BytesIO(cleaned.thumbnail)) as thumbnail:
        thumbnail.load()
        assert (thumbnail.format, max(thumbnail.size) <= 384) == ("JPEG", True)


@pytest.fixture
def costs(tmp_path):
    """What each took of the processor and of the memory, in a process of its own."""
    for name, build in (REFUSED | CLEANED).items():
        (tmp_path / name).write_bytes(build())
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.measuring", *tmp_path.iterdir()],
        cwd=ROOT,
        env={"PYTHONPATH": "functions:."},
        capture_output=True,
        text=True,
        check=True,
    )
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


def test_none_costs_more_than_a_second_or_200_megabytes(costs):
    assert costs.keys() == (REFUSED | CLEANED).keys()
    dear = [
        cost
        for name, cost in costs.items()
        for seconds, megabytes in [LARGEST.get(name, (SECOND, MEGABYTES))]
        if cost["seconds"] > seconds or cost["megabytes"] > megabytes
    ]
    assert not dear


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_picture_as_large_as_a_provider_makes_is_read(kind):
    assert decode(pngs.drawn(kind, side=4096)).size == (4096, 4096)
