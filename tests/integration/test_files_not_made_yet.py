"""Dalnulla gives out paths before their images are made: they wait for them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from darkroom.clock_and_ids import SystemClock
from tests.integration.dialect_bodies import nobody_waits, opened, sent

SUBMIT = ("dalnulla", "POST", "/api/v1/generate-image")


@pytest.fixture
def rich(system, monkeypatch):
    with monkeypatch.context() as patch:
        nobody_waits(patch)
        rich = opened(system)
        answer = sent(rich, SUBMIT, {"prompt": "a pier", "count": 2})
        assert answer.status == 202
    rich.paths = [result["filePath"] for result in answer.json["results"]]
    rich.job = answer.json["jobId"]
    return rich


def opened_file(system, path, **given):
    return sent(system, ("dalnulla", "GET", f"/api/v1/files/{path}"), None, **given)


@pytest.fixture
def while_waiting(monkeypatch):
    """What happens at each look of the request that waits, which passes time at once."""
    slept, begun = [], datetime.now(UTC)

    def happening(act):
        def sleep(_, seconds):
            slept.append(seconds)
            act()

        def now(_):
            return begun + timedelta(seconds=sum(slept))

        monkeypatch.setattr(SystemClock, "sleep", sleep)
        monkeypatch.setattr(SystemClock, "now", now)
        return slept

    return happening


def test_a_path_waits_for_its_image(rich, while_waiting):
    slept = while_waiting(rich.work)
    for path in rich.paths:
        answer = opened_file(rich, path)
        assert answer.status == 200, answer.text
        assert answer.headers["content-type"] == "image/png"
    assert len(slept) == 1


def test_a_path_is_open_as_soon_as_its_own_image_is_there(rich, while_waiting):
    first, _ = rich.messages()
    slept = while_waiting(lambda: rich.work([first]))
    statuses = [opened_file(rich, path).status for path in rich.paths]
    assert sorted(statuses) == [200, 503]
    assert 25 <= sum(slept) < 25.2


def test_a_path_of_what_is_not_made_in_time_says_so_and_when_to_come_back(rich, while_waiting):
    slept = while_waiting(lambda: None)
    answer = opened_file(rich, rich.paths[0])
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert answer.json == {"error": "The image is still being made"}
    assert sum(slept) == pytest.approx(25)


def test_a_path_of_an_image_that_failed_is_not_found_at_once(rich, while_waiting):
    slept = while_waiting(lambda: None)
    rich.http("POST", f"/v1/jobs/{rich.job}/cancel")
    assert [opened_file(rich, path).status for path in rich.paths] == [404, 404]
    assert slept == []


def test_a_path_of_an_image_that_fails_meanwhile_is_not_found(rich, while_waiting):
    while_waiting(lambda: rich.http("POST", f"/v1/jobs/{rich.job}/cancel"))
    assert opened_file(rich, rich.paths[0]).status == 404


def test_a_path_that_was_not_given_out_is_not_found_at_once(rich, while_waiting):
    slept = while_waiting(lambda: None)
    owner, _, number = rich.paths[0].rpartition("_")
    number = int(number.removesuffix(".png"))
    one, two = 1 << 128, 1
    for other in (number + one, number + two, number % one, 1 << 255, 10**77):
        assert opened_file(rich, f"{owner}_{other}.png").status == 404
    assert slept == []


def test_a_path_of_another_workspace_is_not_found_at_once(rich, while_waiting):
    slept = while_waiting(lambda: None)
    stranger = opened(rich, "stranger")
    path = rich.paths[0]
    for tried in (path, path.replace("rich/", "stranger/")):
        assert opened_file(stranger, tried, workspace="stranger").status == 404
    assert slept == []


def test_a_path_outlives_its_job_and_ends_with_its_image(rich):
    rich.work()
    path = rich.paths[0]
    # As earlier versions gave it out.
    media = int(path.rpartition("_")[2].removesuffix(".png")) % (1 << 128)
    earlier = f"rich/generated/generated_ref_{media}.png"
    table = rich.environment["TABLE_NAME"]
    key = {"pk": {"S": "WS#rich"}, "sk": {"S": f"JOB#{rich.job}"}}
    assert rich.http("DELETE", f"/v1/media/{UUID(int=media)}").status == 204
    assert opened_file(rich, path).status == opened_file(rich, earlier).status == 404
    rich.clients["dynamodb"].delete_item(TableName=table, Key=key)
    other = rich.paths[1]
    media = int(other.rpartition("_")[2].removesuffix(".png")) % (1 << 128)
    earlier = f"rich/generated/generated_ref_{media}.png"
    assert opened_file(rich, other).status == opened_file(rich, earlier).status == 200
