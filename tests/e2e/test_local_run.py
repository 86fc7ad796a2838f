"""`make run`, as a person meets it: starting, stopping, going on, and going wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from infra.local.event_filters import without_alternatives
from infra.local.synth import STANDING_ADDRESS
from tests.running import JOB_SECONDS, ROOT, STACK, eventually

WEBP = (b"RIFF", b"WEBP")


def test_the_banner_tells_where_the_api_is_and_shows_a_line_to_paste(local):
    file = local.file
    assert f"API    {file['api']}" in local.printed
    assert f"Docs   {file['api']}/docs#key={file['key']}" in local.printed
    assert f"Key    {file['key']}" in local.printed
    assert f"curl {file['api']}/v1/jobs -H 'Authorization: Bearer {file['key']}'" in local.printed
    assert str(local.folder) in local.printed
    assert "Ctrl-C stops and keeps everything." in local.printed
    assert "\x1b" not in local.printed, "colours are for terminals"


def test_local_json_says_where_everything_is_and_is_for_its_owner_alone(local):
    file = local.file
    assert file.keys() == {"api", "key", "workspace", "port", "pid", "aws"}
    assert file["api"] == f"http://127.0.0.1:{file['port']}"
    assert file["workspace"] == "demo"
    assert file["pid"] == local.process.pid
    assert stat.S_IMODE((local.folder / "local.json").stat().st_mode) == 0o600


def test_a_job_is_made_and_its_image_can_be_downloaded(local):
    job = local.make("a lighthouse at dusk")
    assert job["status"] == "completed", job
    image = local.download(job["images"][0]["url"])
    assert image.status_code == httpx.codes.OK
    assert (image.content[:4], image.content[8:12]) == WEBP


def test_each_invocation_is_one_line_with_its_status_and_its_job(local):
    job = local.make("a fox in the snow")["id"]

    def is_told(*words: str) -> bool:
        lines = [line for line in local.printed.splitlines() if job in line]
        return any(all(word in line for word in words) for line in lines)

    for words in (
        ("submit", "POST /v1/jobs", " ms"),
        ("worker", "stored"),
        ("relay", "event job.completed"),
    ):
        eventually(lambda words=words: is_told(*words), 10, f"a line about the job with {words}")


def test_handlers_see_nothing_of_the_environment_of_the_machine(fresh):
    fresh.start(HTTPS_PROXY="http://192.0.2.1:1", AWS_PROFILE="of-the-owner", A_SECRET="x")
    servers = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(fresh.process.pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    environment = "".join(Path(f"/proc/{pid}/environ").read_text() for pid in servers)
    assert "AWS_ENDPOINT_URL=" in environment
    for name in ("HTTPS_PROXY", "AWS_PROFILE", "A_SECRET"):
        assert name not in environment


def test_a_restart_keeps_jobs_images_and_the_key(fresh):
    fresh.start()
    before = fresh.file
    job = fresh.make("a harbour")
    content = fresh.download(job["images"][0]["url"]).content
    fresh.restart()
    after = fresh.file
    assert (after["key"], after["port"]) == (before["key"], before["port"])
    assert "unchanged" in fresh.printed
    again = fresh.request("GET", f"/v1/jobs/{job['id']}").json()
    assert again["status"] == "completed"
    assert fresh.download(again["images"][0]["url"]).content == content
    assert fresh.make("another harbour")["status"] == "completed"


def test_events_go_on_after_a_restart(fresh):
    fresh.start()
    fresh.make("a pond")
    fresh.restart()
    job = fresh.make("a brook")

    def told():
        return [one["event_name"] for one in fresh.entries("event") if job["id"] in one["subject"]]

    eventually(lambda: "job.completed" in told(), 15, "the end of a job is told")
    assert told() == ["job.accepted", "job.started", "image.stored", "job.completed"]


def test_another_port_of_the_local_aws_changes_nothing(fresh):
    fresh.start()
    job = fresh.make("a harbour")["id"]
    taken = int(fresh.file["aws"].rpartition(":")[2])
    fresh.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        fresh.start()
    assert not fresh.file["aws"].endswith(f":{taken}")
    assert fresh.ended(job)["status"] == "completed"
    assert fresh.make("another harbour")["status"] == "completed"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_gently_however_often_it_is_told(fresh, number):
    fresh.start()
    fresh.process.send_signal(number)
    fresh.process.send_signal(signal.SIGINT)
    assert fresh.stop(signal.SIGTERM) == 0
    assert "Everything is kept" in fresh.printed
    assert fresh.file["pid"] is None
    assert not (fresh.folder / "state" / "running").exists()
    assert list((fresh.folder / "tmp").iterdir()) == []


def test_images_that_a_stop_interrupts_go_on_with_the_next_start(fresh):
    fresh.start()
    asked = {"prompt": "a cathedral", "n": 10, "width": 2048, "height": 2048}
    job = fresh.request("POST", "/v1/jobs", json=asked).json()["id"]

    def has_begun():
        seen = fresh.request("GET", f"/v1/jobs/{job}").json()
        return seen["status"] == "processing"

    eventually(has_begun, JOB_SECONDS, "the job begins")
    fresh.restart()
    said = "A job goes on that was interrupted by the last stop."
    eventually(lambda: said in fresh.printed, JOB_SECONDS, "the start says so")
    # A lease of the worker that was stopped would have lasted for longer than this.
    assert fresh.ended(job, seconds=55)["status"] == "completed"


@pytest.mark.parametrize("moment", ["running", "local.json"])
def test_a_stop_in_the_middle_of_a_start_loses_nothing(fresh, moment):
    fresh.start()
    job = fresh.make("a harbour")["id"]
    key = fresh.file["key"]
    fresh.stop()
    half = fresh.launch()
    if moment == "running":
        mark = fresh.folder / "state" / "running"
        eventually(mark.exists, 30, "the local AWS begins to start")
    else:
        eventually(lambda: fresh.file["pid"], 30, "the start is nearly done")
    half.send_signal(signal.SIGINT)
    assert half.wait(30) == 0
    fresh.start()
    assert fresh.file["key"] == key
    assert fresh.ended(job)["status"] == "completed"


def test_after_a_kill_it_comes_up_and_says_what_was_lost(fresh):
    fresh.start()
    fresh.stop()
    fresh.start()
    key = fresh.file["key"]
    fresh.kill()
    saved_at = int(time.time()) - 7200
    for file in (fresh.folder / "state" / "services").glob("*.json"):
        os.utime(file, (saved_at, saved_at))
    fresh.start()
    when = datetime.fromtimestamp(saved_at, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    said = f"Darkroom was killed last time. It goes on from what was saved at {when}:"
    assert said in fresh.printed
    assert fresh.file["key"] == key
    assert fresh.make("after the storm")["status"] == "completed"


def test_after_a_kill_that_left_no_state_it_begins_anew_and_keeps_the_files(fresh):
    fresh.start()
    fresh.make("a harbour")
    key = fresh.file["key"]
    fresh.kill()
    for file in (fresh.folder / "state" / "services").glob("*.json"):
        file.unlink()
    fresh.start()
    assert "Darkroom was killed before it saved anything" in fresh.printed
    assert fresh.file["key"] != key
    assert list((fresh.folder / "state" / "objects").rglob("*.webp"))
    assert fresh.make("after the storm")["status"] == "completed"


def test_a_second_one_in_the_same_folder_names_the_first(local):
    second = subprocess.run(
        [local.process.args[0], "-m", "infra.local"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DARKROOM_DIR": str(local.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"already runs from this folder at {local.api} (process {local.process.pid})" in (
        second.stderr
    )


def test_a_taken_port_is_named_and_another_one_proposed(fresh, local):
    port = local.file["port"]
    assert fresh.launch(PORT=str(port)).wait(30) == 1
    assert f"Port {port} is taken by another program." in fresh.printed
    assert f"make run PORT={port + 1}" in fresh.printed


@pytest.mark.parametrize("port", ["many", "70000", "-1"])
def test_a_port_that_is_none_is_refused(fresh, port):
    assert fresh.launch(PORT=port).wait(30) == 1
    assert "PORT must be a number" in fresh.printed


def test_damaged_state_is_refused_with_the_command_that_helps(fresh):
    fresh.start()
    fresh.stop()
    table = fresh.folder / "state" / "services" / "dynamodb.json"
    table.write_text(table.read_text()[:100])
    assert fresh.launch().wait(30) == 1
    assert "dynamodb.json" in fresh.printed
    assert "make reset" in fresh.printed
    reset = make("reset", DARKROOM_DIR=str(fresh.folder))
    assert reset.returncode == 0, reset.stderr
    assert not (fresh.folder / "state").exists()
    assert fresh.start().make("a new beginning")["status"] == "completed"


def test_reset_does_nothing_while_it_runs(local):
    refused = make("reset", DARKROOM_DIR=str(local.folder))
    assert refused.returncode != 0
    assert "already runs" in refused.stderr
    assert (local.folder / "state").is_dir()


def test_too_old_a_python_is_named_and_what_to_do(tmp_path):
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit\nexit 1\n')
    old.chmod(0o755)
    refused = make("setup", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert refused.returncode != 0
    assert f"Darkroom needs Python 3.11 or newer; {old} is Python 3.9.2." in refused.stderr


def test_no_python_at_all_is_said_too(tmp_path):
    refused = make("setup", "PYTHON=python-of-nobody", f"VENV={tmp_path / 'venv'}")
    assert refused.returncode != 0
    assert "There is no python-of-nobody." in refused.stderr


def test_the_template_is_the_one_that_is_synthesized(local, tmp_path):
    """No second definition of the system: what runs here is what CDK made, at this address."""
    deployed = local.aws.cloudformation().get_template(StackName=STACK)["TemplateBody"]
    assemblies = (ROOT / ".darkroom" / "assemblies").glob(f"*/{STACK}.template.json")
    made = [file.read_text().replace(STANDING_ADDRESS, local.api) for file in assemblies]
    # As the local AWS understands its filters.
    assert json.loads(json.dumps(deployed)) in [
        without_alternatives(json.loads(text)) for text in made
    ]
    assert f'"PUBLIC_URL": "{local.api}"' in json.dumps(deployed)


def make(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],  # noqa: S607
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )
