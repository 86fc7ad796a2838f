"""Writes the descriptions of all dialects beside the code: `make docs`."""

from __future__ import annotations

from docs.openapi.every import FOLDER, files

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, "utf-8")
