"""The same prompt, seed, model and size give the same file, which can be kept by its hash."""

import hashlib
import io

import pytest
from PIL import Image

BOAT = {"prompt": "a red boat", "model": "painter", "width": 96, "height": 64, "seed": 7}


@pytest.fixture(scope="module")
def system(shared_system):
    return shared_system


def files(system, **body):
    """Each image of a job and its thumbnail, as S3 gives them: bytes and ETag."""
    job = system.http("POST", "/v1/jobs", BOAT | body).json["id"]
    system.work()
    images = system.http("GET", f"/v1/jobs/{job}").json["images"]
    found = []
    for image in images:
        for address in (image["url"], image["thumbnail_url"]):
            name = address.partition("?")[0].rpartition("/")[2]
            kept = system.clients["s3"].get_object(
                Bucket=system.environment["BUCKET_NAME"], Key=f"media/{name}"
            )
            found.append((kept["Body"].read(), kept["ETag"]))
    return found


@pytest.mark.parametrize("fmt", ["png", "jpeg", "webp"])
def test_a_job_that_is_repeated_gives_the_same_bytes_and_the_same_etag(system, fmt):
    first, second = (files(system, output={"format": fmt}) for _ in range(2))
    assert first == second
    for body, etag in first:
        assert etag == f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def test_an_image_of_a_job_is_that_of_its_own_seed(system):
    two = files(system, n=2)
    assert two[:2] == files(system)
    assert two[2:] == files(system, seed=8)


def test_another_seed_or_prompt_gives_another_file(system):
    [(one, _), _], [(other, _), _] = files(system), files(system, seed=8)
    assert pixels(one) != pixels(other)
    assert one != files(system, prompt="a blue boat")[0][0]


def test_every_file_still_says_what_made_it(system):
    body = files(system)[0][0]
    assert b"algorithmicMedia" in body
    assert b"painter/painter" in body
    assert b"Darkroom" in body


def pixels(body):
    return Image.open(io.BytesIO(body)).tobytes()
