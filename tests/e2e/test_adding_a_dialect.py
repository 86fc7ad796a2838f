"""docs/adding-a-dialect.md, followed to the letter in a copy of the project."""

import re
import shutil

import pytest

from tests.running import ROOT, Local, eventually

PAGE = (ROOT / "docs" / "adding-a-dialect.md").read_text()
STEP = re.compile(r"^## \d\. [^`\n]*`([^`]+)`.*?(?:^```(\w+)\n(.*?)^```)", re.MULTILINE | re.DOTALL)
PACKAGE = "functions/darkroom/dialects/vendors/sketchbook/"


def files():
    return {path: (kind, text) for path, kind, text in STEP.findall(PAGE)}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("functions", "infra"):
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    for file in ("cdk.json", "pyproject.toml", "requirements.lock"):
        if (ROOT / file).exists():
            shutil.copy(ROOT / file, root)
    for path, (kind, text) in files().items():
        target = root / path
        if kind == "diff":
            taken, added = (
                "\n".join(line[1:] for line in text.splitlines() if line.startswith(sign))
                for sign in "-+"
            )
            before = target.read_text()
            assert before.count(taken) == 1, f"{path} has changed: {taken}"
            target.write_text(before.replace(taken, added))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return root


@pytest.fixture(scope="module")
def local(copy, tmp_path_factory):
    running = Local(tmp_path_factory.mktemp("sketchbook"), root=copy).start()
    yield running
    assert running.stop() == 0


def test_one_file_outside_its_own_package_is_touched():
    outside = [path for path in files() if not path.startswith(PACKAGE)]
    assert outside == ["functions/darkroom/dialects/registry.py"]


def test_the_made_up_dialect_speaks(local):
    answer = local.request("POST", "/sketchbook/drawings", json={"text": "a pier"})
    assert (answer.status_code, answer.json()["state"]) == (202, "drawing")

    def drawn():
        found = local.request("GET", f"/sketchbook/drawings/{answer.json()['id']}").json()
        return found if found["state"] != "drawing" else None

    drawing = eventually(drawn, 60, "the drawing")
    assert drawing["state"] == "drawn"
    with local.client(follow_redirects=True) as client:
        assert client.get(drawing["file"]).content.startswith(b"\x89PNG")


def test_its_errors_are_in_its_own_shape_and_words(local):
    assert local.request("POST", "/sketchbook/drawings", json={}).json() == {
        "problem": "text is required."
    }
    missing = local.request("GET", "/sketchbook/drawings/nothing")
    assert (missing.status_code, missing.json()) == (404, {"problem": "There is no such drawing."})
    unknown = local.request("POST", "/sketchbook/drawings", json={"text": "a pier", "ink": "red"})
    assert unknown.headers["darkroom-ignored"] == "ink"
