"""The commands of the vendor's page, run by the real curl: other are only host, key and id.

They are written down as the page has them, argument by argument.
"""

from __future__ import annotations

import json

import pytest

from tests.conformance.vendors import SECONDS, curl
from tests.running import eventually

PLACEHOLDERS = {
    "prompt": "<string>",
    "model": "<string>",
    "aspectRatio": "<string>",
    "referenceImageUrl": "<string>",
    "referenceStrength": 123,
    "influencerId": "<string>",
}


@pytest.mark.statement(
    "S1", "S2", "S3", "S5", "S20", "S21", "S22", "S25", "S27", "S28", "S30", "S31", "S34"
)
def test_the_polling_pattern_of_the_page_works(supapost):
    key = supapost.key
    status, submitted = curl(
        "-X",
        "POST",
        f"{supapost.base}/generate/image",
        "-H",
        f"Authorization: Bearer {key}",
        "-H",
        "Content-Type: application/json",
        "-d",
        '{"prompt": "sunset over tokyo", "aspectRatio": "9:16"}',
    )
    assert status == 202
    assert submitted == {"jobId": submitted["jobId"], "status": "pending"}

    def poll():
        status, job = curl(
            f"{supapost.base}/jobs/{submitted['jobId']}",
            "-H",
            f"Authorization: Bearer {key}",
        )
        assert status == 200
        assert job["status"] in {"pending", "processing", "completed"}
        return job["status"] == "completed" and job

    job = eventually(poll, SECONDS, "the completed job")
    assert job["result"]["url"].startswith("http")


@pytest.mark.statement("S6")
def test_the_command_at_the_top_of_the_page_has_no_key_and_is_refused_for_that(supapost):
    as_it_stands = [
        "--request",
        "POST",
        "--url",
        f"{supapost.base}/generate/image",
        "--header",
        "Content-Type: application/json",
        "--data",
        json.dumps(PLACEHOLDERS, indent=2),
    ]
    status, body = curl(*as_it_stands)
    assert (status, body["success"]) == (401, False)
    # With a key it is read: its placeholders are none of the values that there are.
    status, body = curl(*as_it_stands, "--header", f"Authorization: Bearer {supapost.key}")
    assert (status, body["success"]) == (400, False)


@pytest.mark.statement("S18")
def test_its_fields_are_all_taken_once_the_placeholders_are_values(supapost):
    who = supapost.post("/influencers", {"name": "Mika", "description": "A climber"}).json()["id"]
    values = {
        "prompt": "a red boat",
        "model": "fal:flux-schnell",
        "aspectRatio": "1:1",
        "referenceImageUrl": "http://127.0.0.1:1/nobody.png",
        "referenceStrength": 0.5,
        "influencerId": who,
    }
    assert values.keys() == PLACEHOLDERS.keys()
    status, body = curl(
        "--request",
        "POST",
        "--url",
        f"{supapost.base}/generate/image",
        "--header",
        "Content-Type: application/json",
        "--header",
        f"Authorization: Bearer {supapost.key}",
        "--data",
        json.dumps(values),
    )
    assert (status, body["status"]) == (202, "pending")
