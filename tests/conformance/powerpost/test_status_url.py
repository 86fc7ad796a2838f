"""The relative address of a status, as clients make an absolute one of it."""

from urllib.parse import urljoin

import pytest


@pytest.mark.statement("P69")
@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/api/v1/images/generate", {"prompt": "a pier"}, "image_generation_id"),
        (
            "/api/v1/content/generate",
            {"prompt": "a pier", "post_types": ["x-post"]},
            "generation_id",
        ),
    ],
)
@pytest.mark.parametrize(
    "absolute",
    [
        lambda base, url: base + url,
        urljoin,
        lambda base, url: urljoin(base + "/", url),
        lambda base, url: urljoin(base + "/api/v1/images/generate", url),
    ],
    ids=["concatenated", "resolved", "resolved against a folder", "resolved against the request"],
)
def test_a_status_url_works_concatenated_to_the_base_and_resolved_against_it(
    powerpost, absolute, path, body, name
):
    accepted = powerpost.post(path, body).json()
    address = absolute(powerpost.base, accepted["status_url"])
    answer = powerpost.get("", base=address)
    assert answer.status_code == 200, answer.text
    assert answer.json()[name] == accepted[name]
