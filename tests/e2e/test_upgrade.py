"""`make run` on a folder that an earlier version has written (tests/recordings/upgrade.py)."""

import json
import zipfile

import httpx
import pytest

from tests.recordings.upgrade_files import FOLDER
from tests.running import Local

RECORDINGS = sorted(folder.name for folder in FOLDER.iterdir())


@pytest.fixture(params=RECORDINGS)
def upgraded(request, tmp_path):
    """The system on the folder of that version, and what a client of it knew."""
    folder = tmp_path / "darkroom"
    with zipfile.ZipFile(FOLDER / request.param / "folder.zip") as archive:
        archive.extractall(folder)
    local = Local(folder).start()
    yield local, json.loads((folder / "known.json").read_text())
    local.stop()


def test_jobs_images_and_the_key_are_there_and_what_was_begun_is_finished(upgraded):
    local, known = upgraded
    assert local.file["key"] == known["key"]
    ended = local.request("GET", f"/v1/jobs/{known['ended']}").json()
    assert ended["status"] == "completed"
    finished = local.ended(known["unfinished"])
    assert finished["status"] == "completed"
    listed = [one["id"] for one in local.request("GET", "/v1/jobs").json()["jobs"]]
    assert listed == [known["unfinished"], known["ended"]]
    for image in (*ended["images"], *finished["images"]):
        assert local.download(image["url"]).status_code == httpx.codes.OK
    assert local.make("a lighthouse")["status"] == "completed"
    assert local.admin("reconcile").returncode == 0
