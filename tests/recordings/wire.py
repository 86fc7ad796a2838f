"""Records what every documented operation answers, and compares it with what the code answers now.

    python -m tests.recordings record     # writes tests/recordings/wire/, from the descriptions
    python -m tests.recordings compare    # sends the recorded requests again; exit 1: a difference
    python -m tests.recordings renew      # sends them again, and keeps their answers

The requests lie in the recording: a description that is generated in another way asks nothing
else. Renew it only with a change of the wire that is meant, after `compare` has shown that nothing
else has changed.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.recordings.cases import Cases
from tests.recordings.replay import Exchange, replaying
from tests.recordings.scenarios import OF_DIALECTS

FOLDER = Path(__file__).parent / "wire"
_INTERNAL = {"native": {"/v1/callbacks/{workspace}/{job}/{slot}/{token}": "callBack"}}
_DOCUMENTS = Path(__file__).parents[2] / "functions" / "darkroom" / "openapi"


def exchanges_of(dialect: str) -> list[Exchange]:
    """The first ones and those of the description, each with a name of its own."""
    document = json.loads((_DOCUMENTS / f"{dialect}.json").read_text())
    for path, name in _INTERNAL.get(dialect, {}).items():
        document["paths"][path] = {"post": {"operationId": name}}
    first = OF_DIALECTS[dialect]()
    kept = {"workspace"} | {name for one in first for name in one.get("keep", {})}
    if "file" in kept:
        kept |= {f"file_{name}" for name in ("expires", "kid", "signature")}
    prefix = "" if dialect == "native" else f"/{dialect}"
    return _named_apart([*first, *Cases(prefix, document, kept).all()])


def _named_apart(exchanges: list[Exchange]) -> list[Exchange]:
    seen: dict[str, int] = {}
    apart = []
    for exchange in exchanges:
        name = exchange["name"]
        seen[name] = number = seen.get(name, 0) + 1
        apart.append({**exchange, "name": name if number == 1 else f"{name} ({number})"})
    return apart


def record(dialect: str) -> None:
    _write(dialect, exchanges_of(dialect))


def renew(dialect: str) -> None:
    """The same requests, with what they are answered now."""
    exchanges, _ = recorded(dialect)
    kept = [
        {key: one for key, one in exchange.items() if key != "answer"} for exchange in exchanges
    ]
    _write(dialect, kept)


def _write(dialect: str, exchanges: list[Exchange]) -> None:
    with replaying() as replay:
        answers = list(replay.of(dialect, exchanges))
    assert not replay.missing, "\n".join(replay.missing)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{dialect}.json").write_text(_written(exchanges, answers))


def recorded(dialect: str) -> tuple[list[Exchange], Mapping[str, str]]:
    """The exchanges, and the headers that most of their answers have."""
    found = json.loads((FOLDER / f"{dialect}.json").read_text())
    return found["exchanges"], found["usual_headers"]


def differences(dialect: str) -> Iterator[str]:
    """A unified difference for each exchange that is answered otherwise than it was."""
    exchanges, usual = recorded(dialect)
    with replaying() as replay:
        for exchange, now in zip(exchanges, replay.of(dialect, exchanges), strict=True):
            before = exchange["answer"]
            if isinstance(before, dict):
                before = {**before, "headers": _all_headers(usual, before["headers"])}
            if before != now:
                title = f"{dialect}, {exchange['name']}"
                lines = difflib.unified_diff(
                    _lines(before), _lines(now), f"{title}: recorded", f"{title}: now", lineterm=""
                )
                yield "\n".join(lines)


def _all_headers(usual: Mapping[str, str], own: Mapping[str, str | None]) -> dict[str, Any]:
    return {name: value for name, value in {**usual, **own}.items() if value is not None}


def _lines(answer: Any) -> list[str]:
    return json.dumps(answer, indent=1, sort_keys=True, ensure_ascii=False).splitlines()


def _written(exchanges: list[Exchange], answers: list[Any]) -> str:
    """A block of three lines for each: which, what was sent, what was answered.

    Headers that most answers have are written once; `null` says that an answer has one not.
    """
    usual = _usual([one["headers"] for one in answers if isinstance(one, dict)])
    blocks = []
    for exchange, answer in zip(exchanges, answers, strict=True):
        shown = answer
        if isinstance(answer, dict):
            headers = answer["headers"]
            own = {name: headers.get(name) for name in sorted({*headers, *usual})}
            unusual = {name: one for name, one in own.items() if one != usual.get(name)}
            shown = {**answer, "headers": unusual}
        what = {name: one for name, one in exchange.items() if name != "send"}
        parts = [json.dumps(what, ensure_ascii=False)[1:-1]]
        if "send" in exchange:
            parts.append(f'"send": {json.dumps(exchange["send"], ensure_ascii=False)}')
        parts.append(f'"answer": {json.dumps(shown, ensure_ascii=False, sort_keys=True)}')
        blocks.append("{" + ",\n ".join(parts) + "}")
    head = json.dumps(usual, ensure_ascii=False, sort_keys=True)
    return f'{{"usual_headers": {head},\n"exchanges": [\n' + ",\n".join(blocks) + "\n]}\n"


def _usual(headers: list[Mapping[str, str]]) -> dict[str, str]:
    counted: dict[tuple[str, str], int] = {}
    for one in headers:
        for pair in one.items():
            counted[pair] = counted.get(pair, 0) + 1
    usual = (pair for pair, count in counted.items() if count * 2 > len(headers))
    return dict(sorted(usual))
