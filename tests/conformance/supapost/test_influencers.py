"""Influencers: the images that a finished job appends to, and the routes around them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.conformance.vendors import SECONDS, UUID, Vendor
from tests.running import eventually


def path(url):
    return urlsplit(url).path


def an_influencer(client: Vendor, **more) -> dict:
    body = {"name": "Mika", "description": "A climber from Osaka", **more}
    answer = client.post("/influencers", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.statement("S15", "S16", "S17")
def test_a_finished_image_joins_its_influencer_once_and_though_nobody_polls(supapost):
    who = an_influencer(supapost)["id"]
    body = {"prompt": "a climber at dawn", "influencerId": who}
    job = supapost.post("/generate/image", body).json()["jobId"]

    def images():
        return supapost.get(f"/influencers/{who}").json()["images"]

    # Only the influencer is looked at: the job is never asked for before its end.
    [image] = eventually(images, SECONDS, "the image among the influencer's")
    done = supapost.get(f"/jobs/{job}").json()
    assert done["status"] == "completed"
    assert path(image) == path(done["result"]["url"])
    # Whoever reads the job again and again changes nothing.
    assert [supapost.get(f"/jobs/{job}").status_code for _ in range(3)] == [200] * 3
    assert [path(one) for one in images()] == [path(image)]


@pytest.mark.statement("S15", "S16")
def test_the_first_image_is_the_avatar_and_what_later_ones_are_made_after(supapost, made):
    who = an_influencer(supapost)
    assert who["avatar_url"] is None
    jobs = [made(supapost, influencerId=who["id"]) for _ in range(3)]
    told = [supapost.native(f"/v1/jobs/{job['id']}") for job in jobs]
    first = told[0]["images"][0]["id"]
    assert "references" not in told[0]
    assert [later["references"] for later in told[1:]] == [[{"media": first}]] * 2
    shown = supapost.get(f"/influencers/{who['id']}").json()
    assert path(shown["avatar_url"]) == path(jobs[0]["result"]["url"])
    assert [path(image) for image in shown["images"]] == [
        path(job["result"]["url"]) for job in jobs
    ]


@pytest.mark.statement("S15")
def test_an_influencer_that_there_is_not_is_refused_before_anything_is_made(supapost, opened):
    elsewhere = an_influencer(opened("supapost-other-team", 0))["id"]
    before = supapost.account()["balance"]
    for unknown in ("nobody", "01890000-0000-7000-8000-000000000000", elsewhere):
        answer = supapost.post("/generate/image", {"prompt": "a pier", "influencerId": unknown})
        assert (answer.status_code, answer.json()["success"]) == (400, False)
        assert "influencerId" in answer.json()["message"]
    assert supapost.account()["balance"] == before


def test_an_influencer_is_made_read_changed_listed_and_deleted(supapost, made, asset_of):
    job = made(supapost)
    image, asset = job["result"]["url"], asset_of(supapost, job)["id"]
    an_influencer(supapost)
    on_the_web = "https://example.com/face.png"
    who = an_influencer(
        supapost,
        style="anime",
        model="fal:flux-dev",
        images=[asset, on_the_web],
        traits={"age": 27},
    )
    assert re.fullmatch(UUID, who["id"])
    assert who["team_id"] == supapost.workspace
    assert (who["style"], who["model"]) == ("anime", "fal:flux-dev")
    assert who["metadata"] == {"traits": {"age": 27}}
    assert path(who["avatar_url"]) == path(image)
    assert who["images"] == [who["avatar_url"], on_the_web]
    assert who["updated_at"] is None
    assert path(supapost.get(f"/influencers/{who['id']}").json()["avatar_url"]) == path(image)

    answer = supapost.request("PATCH", f"/influencers/{who['id']}", json={"name": "Rin"})
    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["name"], changed["description"]) == ("Rin", who["description"])
    assert (changed["style"], changed["metadata"]) == ("anime", {"traits": {"age": 27}})
    assert changed["updated_at"] > changed["created_at"]
    emptied = supapost.request("PATCH", f"/influencers/{who['id']}", json={"images": []}).json()
    assert (emptied["images"], emptied["avatar_url"]) == ([], None)

    listing = supapost.get("/influencers", params={"limit": 1}).json()
    assert (listing["object"], listing["url"], listing["has_more"]) == (
        "list",
        "/influencers",
        True,
    )
    assert [one["id"] for one in listing["data"]] == [who["id"]]

    answer = supapost.request("DELETE", f"/influencers/{who['id']}")
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert supapost.get(f"/influencers/{who['id']}").status_code == 404
    assert supapost.request("DELETE", f"/influencers/{who['id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"description": "B"}, "name"),
        ({"name": "A"}, "description"),
        ({"name": "", "description": "B"}, "name"),
        ({"name": "A", "description": "B", "model": "nothing"}, "model"),
        ({"name": "A", "description": "B", "images": "a.png"}, "images"),
        ({"name": "A", "description": "B", "images": ["https://10.0.0.1/a.png"]}, "images.0"),
    ],
)
def test_an_influencer_that_is_not_as_documented_is_refused(supapost, body, named):
    answer = supapost.post("/influencers", body)
    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert answer.json()["message"].startswith(named)
