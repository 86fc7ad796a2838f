"""A `.darkroom` folder of `make run`, in one file."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path

from tests.running import Local

# Of the archive's entries: the same folder makes the same file.
_TIME = (2026, 1, 1, 0, 0, 0)
_SMALL = {"width": 64, "height": 64, "seed": 7}


def record_folder(file: Path) -> None:
    """A job that has ended, and one that the stop has interrupted, in what `make run` keeps."""
    with tempfile.TemporaryDirectory() as folder:
        local = Local(Path(folder)).start()
        try:
            ended = local.make("a harbour")["id"]
            with local.held_workers():
                body = {"prompt": "a pier at dawn", **_SMALL, "n": 2}
                unfinished = local.request("POST", "/v1/jobs", json=body).json()["id"]
        finally:
            # Before a worker has looked for messages again.
            local.stop()
        known = {"ended": ended, "unfinished": unfinished, "key": local.file["key"]}
        _write_zip(file, Path(folder), _names_of_code(Path(folder)), known)


def _names_of_code(folder: Path) -> list[str]:
    """The hashes by which the stack knows the functions' code."""
    assets = (folder / "state" / "objects").rglob("cdk-*-assets-*/*.zip")
    return [asset.stem for asset in assets]


def _write_zip(file: Path, folder: Path, code: list[str], known: dict[str, str]) -> None:
    """Without the functions' code, which each start brings along: a stack that knows another code
    is updated.
    """
    kept = {"known.json": json.dumps(known).encode()}
    for one in sorted(folder.rglob("*")):
        name = one.relative_to(folder)
        is_state = name.parts[0] == "state" or name.name == "local.json"
        is_code = one.suffix == ".zip" or any(part.startswith("cdk-") for part in name.parts)
        if one.is_file() and is_state and not is_code:
            content = one.read_bytes()
            for digest in code:
                content = content.replace(digest.encode(), b"0" * len(digest))
            kept[str(name)] = content
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in kept.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
