"""The house's plan is checked by a tool; this checks the tool."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = {
    "../painter/curves.py": "import darkroom.domain.money",
    "../painter/colour.py": "import infra.errors",
    "../painter/chance.py": "import writer.choice",
    "../writer/choice.py": "import darkroom.domain.captions",
    "../texts/__init__.py": "import writer.choice",
    "providers/chat_writer.py": "import writer.media",
    "providers/replies.py": "import painter.palettes",
    "usecases/list_aliases.py": "import painter",
    "domain/money.py": "import darkroom.usecases.jobs",
    "usecases/jobs.py": "import darkroom.aws.jobs",
    "dialects/wire.py": "import darkroom.usecases.jobs",
    "imaging/decode.py": "import botocore",
    "providers/router.py": "import httpx",
    "bootstrap/api.py": "import aws_lambda_powertools",
    "identity/tokens.py": "import botocore",
    "a_new_room.py": "",
}


def lint(folder):
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    path = f"{folder / 'functions'}:{folder}"
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__", "local")
    for folder in ("functions", "infra"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_is_as_it_was_planned(copy):
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("module", PLANTED)
def test_an_import_across_the_plan_is_found(copy, module):
    place = copy / "functions" / "darkroom" / module
    before = place.read_text() if place.exists() else ""
    place.write_text(f"{before}\n{PLANTED[module]}\n")
    result = lint(copy)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout or "exhaustive" in result.stdout.lower()
