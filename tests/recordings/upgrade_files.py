"""The files of a recording: an item, a message or an event a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.recordings.upgrade_system import addresses
from tests.stream_filter import wakes_the_relay

if TYPE_CHECKING:
    from tests.recordings.upgrade import Recording

FOLDER = Path(__file__).parent / "upgrade"
# Enough for a whole job, with its images, its captions and its media.
_MOST_RECORDS = 60


def write(recording: Recording, folder: Path) -> None:
    system = recording.system
    scan = system.clients["dynamodb"].scan
    tables = ("TABLE_NAME", "WAITS_TABLE_NAME")
    items = {name: scan(TableName=system.environment[name])["Items"] for name in tables}
    for name, found in (
        ("table", items),
        ("queues", {name: sent for name, sent in sorted(recording.queues.items()) if sent}),
        ("bus", recording.bus),
        ("stream", _telling(recording.stream)),
        ("bucket", sorted(system.files())),
        ("known", recording.known),
    ):
        text = _lines_of(found)
        for placeholder, address in addresses(system, recording.place, recording.receiver):
            text = text.replace(address, placeholder)
        (folder / f"{name}.json").write_text(text)


def _telling(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what the filter of the stream keeps from the relay, and no more than is needed."""
    return [one for one in records if wakes_the_relay(one)][-_MOST_RECORDS:]


def _lines_of(found: Any) -> str:
    """Each item a line."""
    if isinstance(found, list):
        return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in found) + "\n]\n"
    parts = []
    for name, one in found.items():
        text = (
            _lines_of(one).strip() if isinstance(one, list) else json.dumps(one, ensure_ascii=False)
        )
        parts.append(f"{json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
