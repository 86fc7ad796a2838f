import json

import pytest

from darkroom.dialects.native.job_request import Submit
from darkroom.dialects.native.jobs import create_job
from darkroom.domain.image_request import Output
from tests.contexts import context_of, read_with


def submit(text):
    return read_with(create_job, Submit, text.encode(), context_of())


def read(**body):
    return submit(json.dumps({"prompt": "a boat", **body})).request


def fingerprint(text):
    return submit(text).fingerprint


def test_a_prompt_alone_becomes_a_whole_request():
    request = read()
    assert (request.model, request.width, request.height, request.n) == ("painter", 1024, 1024, 1)
    assert request.seed == 99
    assert request.output == Output(format="webp", quality=85)


@pytest.mark.parametrize(
    ("ratio", "resolution", "size"),
    [
        ("1:1", "1K", (1024, 1024)),
        ("16:9", "1K", (1024, 576)),
        ("9:16", "2K", (1152, 2048)),
        ("4:5", "4K", (3280, 4096)),
        ("21:9", "1K", (1024, 440)),
        ("3:2", "4K", (4096, 2728)),
    ],
)
def test_a_ratio_and_a_resolution_become_exact_pixels(ratio, resolution, size):
    request = read(aspect_ratio=ratio, resolution=resolution)
    assert (request.width, request.height) == size


def test_a_size_in_pixels_is_taken_as_it_is():
    request = read(width=333, height=777)
    assert (request.width, request.height) == (333, 777)


def test_everything_that_is_said_is_kept():
    said = {
        "seed": 0,
        "n": 10,
        "negative_prompt": "rain",
        "steps": 30,
        "guidance": 7,
        "temperature": 0.5,
        "quality": "high",
        "output": {"format": "png", "quality": 1},
        "metadata": {"order": "42"},
    }
    request = read(**said)
    for name in said.keys() - {"output", "guidance"}:
        assert getattr(request, name) == said[name]
    assert request.guidance == 7
    assert request.output == Output(format="png", quality=1)


def test_the_fingerprint_sees_what_is_said_and_not_how():
    assert fingerprint('{"prompt": "x", "n": 2}') == fingerprint('{ "n":2,"prompt":"x" }')
    assert fingerprint('{"prompt": "x", "n": 2}') != fingerprint('{"prompt": "x", "n": 3}')
    assert fingerprint('{"prompt": "x"}') != fingerprint('{"prompt": "x", "n": 1}')


def test_each_image_of_a_job_has_its_own_seed():
    request = read(n=3, seed=2**32 - 2)
    assert [request.seed_of(slot) for slot in range(3)] == [2**32 - 2, 2**32 - 1, 0]
