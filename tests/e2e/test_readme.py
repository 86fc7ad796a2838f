"""The README's lines, pasted into a shell as they stand but for the port and the folder."""

from __future__ import annotations

import json
import re
import subprocess

from PIL import Image

from tests.running import ROOT


def test_the_readmes_curl_lines_give_a_picture_of_exactly_the_size_it_says(local, tmp_path):
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    lines = "".join(blocks)
    assert len([line for line in lines.splitlines() if line.startswith(("curl", "API", "KEY"))]) > 6
    lines = lines.replace("http://localhost:8700", local.api)
    lines = lines.replace(".darkroom/local.json", str(local.folder / "local.json"))
    script = f"set -euo pipefail\n{lines}"
    done = subprocess.run(
        ["/bin/bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "picture.png") as picture:
        assert picture.size == (1024, 576)
    assert json.loads((tmp_path / "job.json").read_text())["status"] == "completed"
    assert '"total":3' in done.stdout
    assert '"painter"' in done.stdout
    # And the other services' lines below them.
    assert '"task_id":"task_' in done.stdout
    assert '"object":"list"' in done.stdout
