"""What is listed, and what every route answers that cannot serve a request."""

from __future__ import annotations

import pytest

from tests.conformance.vendors import Worker, bearer_of, new_key


@pytest.fixture(scope="module")
def shelf(opened, made):
    """A team with three finished jobs, oldest first."""
    team = opened("supapost-shelf", requests_per_minute=100_000, max_in_flight=100)
    return team, [made(team, prompt=f"boat {number}") for number in range(3)]


@pytest.mark.statement("S33")
def test_assets_are_paged_from_the_newest_to_both_sides(shelf):
    team, jobs = shelf

    def page(**query):
        answer = team.get("/assets", params=query)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert (set(body), body["object"], body["url"]) == (
            {"object", "data", "has_more", "url"},
            "list",
            "/assets",
        )
        return body

    everything = page()
    assert everything["has_more"] is False
    newest, middle, oldest = everything["data"]
    of_jobs = [asset["metadata"]["jobId"] for asset in (oldest, middle, newest)]
    assert of_jobs == [job["id"] for job in jobs]
    assert set(newest) == {
        "id",
        "name",
        "url",
        "content_type",
        "size_bytes",
        "width",
        "height",
        "source",
        "metadata",
        "created_at",
    }
    first = page(limit=2)
    assert ([one["id"] for one in first["data"]], first["has_more"]) == (
        [newest["id"], middle["id"]],
        True,
    )
    rest = page(limit=2, starting_after=middle["id"])
    assert ([one["id"] for one in rest["data"]], rest["has_more"]) == ([oldest["id"]], False)
    back = page(limit=2, ending_before=oldest["id"])
    assert ([one["id"] for one in back["data"]], back["has_more"]) == (
        [newest["id"], middle["id"]],
        False,
    )
    for wrong in ({"limit": 0}, {"limit": 101}, {"limit": "few"}, {"starting_after": "x"}):
        assert team.get("/assets", params=wrong).status_code == 400


def test_jobs_are_a_bare_list_newest_first_by_status_and_type(shelf):
    team, jobs = shelf
    done = [job["id"] for job in reversed(jobs)]
    with Worker(team.local).held():
        waiting = team.post("/generate/image", {"prompt": "a pier"}).json()["jobId"]

        def ids(**query):
            answer = team.get("/jobs", params=query)
            assert answer.status_code == 200, answer.text
            return [job["id"] for job in answer.json()]

        assert ids() == [waiting, *done]
        assert ids(status="completed") == done
        assert ids(status="pending") == [waiting]
        assert ids(status="failed") == ids(status="processing") == []
        assert ids(type="image_gen") == [waiting, *done]
        assert ids(type="video_gen") == []
        assert team.get("/jobs", params={"status": "done"}).status_code == 400


@pytest.mark.statement("S37")
def test_what_is_not_there_and_what_is_not_taken_are_errors_of_the_same_shape(supapost):
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("GET", "/jobs/nothing", 404),
        ("GET", "/jobs/01890000-0000-7000-8000-000000000000", 404),
        ("GET", "/influencers/nothing", 404),
        ("DELETE", "/jobs", 405),
        ("GET", "/generate/image", 405),
        ("PUT", "/influencers/nothing", 405),
    ):
        answer = supapost.request(method, path)
        assert answer.status_code == status, path
        assert (set(answer.json()), answer.json()["success"]) == ({"success", "message"}, False)
    assert supapost.get("/generate/image").headers["allow"] == "POST"


@pytest.mark.statement("S37")
def test_a_key_without_the_scope_is_forbidden(supapost):
    reader = bearer_of(new_key(supapost.local, supapost.workspace, ("read",)))
    answer = supapost.post("/generate/image", {"prompt": "a red boat"}, headers=reader)
    assert answer.status_code == 403
    assert answer.json() == {"success": False, "message": "This key lacks the scope generate."}
    assert supapost.get("/jobs", headers=reader).status_code == 200


@pytest.mark.statement("S37")
def test_credits_that_do_not_suffice_are_said_in_numbers(opened):
    poor = opened("supapost-poor", 4)
    body = {"prompt": "a red boat", "model": "fal:flux-dev"}
    answer = poor.post("/generate/image", body)
    assert answer.status_code == 402
    assert answer.json()["success"] is False
    assert "5 credits" in answer.json()["message"]
    assert "4 are available" in answer.json()["message"]
    assert poor.get("/jobs").json() == []
    assert poor.account()["balance"] == 4


@pytest.mark.statement("S37")
def test_more_submits_than_allowed_are_put_off_until_the_next_minute(opened):
    hasty = opened("supapost-hasty", requests_per_minute=1)
    answers = [hasty.post("/generate/image", {"prompt": "a red boat"}) for _ in range(4)]
    refused = [answer for answer in answers if answer.status_code == 429]
    # A minute may end between two of them, but not between all.
    assert len(refused) >= 2
    for answer in refused:
        assert answer.json()["success"] is False
        assert 1 <= int(answer.headers["retry-after"]) <= 60


def test_a_repeat_with_its_idempotency_key_is_the_same_job_and_another_body_is_refused(opened):
    team = opened("supapost-repeats", 10)
    same = {"Idempotency-Key": "order-7"}
    first, again = (
        team.post("/generate/image", {"prompt": "a red boat"}, headers=same) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    other = team.post("/generate/image", {"prompt": "a blue boat"}, headers=same)
    assert (other.status_code, other.json()["success"]) == (422, False)
    assert len(team.get("/jobs").json()) == 1
    assert team.account()["balance"] == 9


def test_every_answer_has_the_id_of_its_request(supapost):
    answers = [supapost.get("/models"), supapost.get("/nothing"), supapost.post("/influencers", {})]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 3
