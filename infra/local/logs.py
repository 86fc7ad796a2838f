"""What the handlers say, as one line for each invocation, and every error in full.

MiniStack writes the output of each invocation to a log stream of its own. A stream that was shown
is deleted: otherwise each look would go through all of them, and the state would grow with every
poll of a client. The lines stay in .darkroom/logs/functions.log, as JSON, until the next start.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import Aws
from infra.local.terminal import Colour, Terminal

# What MiniStack adds around each invocation, as Lambda does.
PLATFORM_LINES = ("START RequestId:", "END RequestId:", "REPORT RequestId:")
SERVER_ERROR = 500
CLIENT_ERROR = 400
# Not what was hoped for, and taken care of.
UNWELL = frozenset({"again", "later", "rejected", "retry", "unreachable", "unwanted"})
# The path of a request that found nothing, which its own line is shown with.
NOT_FOUND = "not_found"
_LONGEST_PATH = 100
_LAST_OF_TRACEBACK = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt|Warning)?(: |$)")
ALARMING = frozenset({"ERROR", "CRITICAL"})
# Already in the line, or of no interest on one's own machine.
LEFT_OUT = ("stack_trace", "xray_trace_id", "exception")


@dataclass(slots=True)
class Logs:
    aws: Aws
    terminal: Terminal
    prefix: str
    functions_log: Path
    aws_log: Path
    _client: Any = field(init=False)
    _read_to: int = field(init=False, default=0)
    _messages_told: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._client = self.aws.client("logs")

    def skip(self) -> None:
        """Skip what is in the logs already: the last run's, and this start's."""
        for _ in self._take_invocations():
            pass

    def show_new(self) -> None:
        try:
            for group, messages in self._take_invocations():
                self._show_invocation(group.removeprefix(f"/aws/lambda/{self.prefix}"), messages)
        except (BotoCoreError, ClientError) as error:
            # Logs are a view: they must never end what they look at.
            self.terminal.line(f"(logs could not be read: {error})", Colour.DIM)
        self._show_server_errors()

    def _take_invocations(self) -> Iterable[tuple[str, list[str]]]:
        described = self._client.describe_log_groups(
            logGroupNamePrefix=f"/aws/lambda/{self.prefix}"
        )
        for group in (entry["logGroupName"] for entry in described["logGroups"]):
            streams: dict[str, list[str]] = defaultdict(list)
            for event in self._client.filter_log_events(logGroupName=group)["events"]:
                streams[event["logStreamName"]].append(event["message"])
            for stream, messages in streams.items():
                self._client.delete_log_stream(logGroupName=group, logStreamName=stream)
                yield group, messages

    def _show_invocation(self, function: str, messages: Iterable[str]) -> None:
        said = [line for line in messages if line and not line.startswith(PLATFORM_LINES)]
        with self.functions_log.open("a") as file:
            file.writelines(f"{line}\n" for line in said)
        entries = [entry for line in said if (entry := _entry(line))]
        path = next((entry["path"] for entry in entries if entry.get("message") == NOT_FOUND), "")
        has_told = any("exception" in entry for entry in entries)
        for line in said:
            entry = _entry(line)
            if entry is not None:
                if not _says_nothing(entry):
                    self._show_entry(function, entry | ({"path": path} if path else {}))
            elif not (has_told and _is_of_traceback(line)):
                # Not ours: a traceback of the interpreter, or a timeout.
                self.terminal.line(line, Colour.RED)

    def _show_entry(self, function: str, entry: Mapping[str, Any]) -> None:
        alarming = entry.get("level") in ALARMING
        status = entry.get("status") or entry.get("outcome") or entry.get("kind") or ""
        why = entry.get("why") or entry.get("code")
        parts = [
            self.terminal.paint(_clock(), Colour.DIM),
            self.terminal.paint(f"{function:<7}", Colour.CYAN),
            _subject(entry),
            self.terminal.paint(str(status), _colour_of(status, alarming=alarming)),
            self.terminal.paint(f"({why})", Colour.DIM) if why else "",
            f"{entry['duration_ms']:.0f} ms" if _is_number(entry.get("duration_ms")) else "",
            self.terminal.paint(_whose(entry), Colour.DIM),
        ]
        self.terminal.line("  ".join(part for part in parts if part))
        message = str(entry.get("message_id", ""))
        if trace := entry.get("exception"):
            # A message that cannot be read comes back, and is shown in full once.
            if message not in self._messages_told:
                self.terminal.line(str(trace), Colour.RED)
            self._messages_told |= {message} if message else set()
        elif alarming:
            rest = {name: value for name, value in entry.items() if name not in LEFT_OUT}
            self.terminal.line(json.dumps(rest), Colour.RED)

    def _show_server_errors(self) -> None:
        """A handler that cannot even be imported is only shown here."""
        with self.aws_log.open("rb") as file:
            file.seek(self._read_to)
            added = file.read()
        whole, newline, _ = added.rpartition(b"\n")
        self._read_to += len(whole + newline)
        for line in whole.decode(errors="replace").splitlines():
            if "ERROR" in line and "lambda" in line.lower() and _entry(line) is None:
                self.terminal.line(line, Colour.RED)


def _entry(line: str) -> dict[str, Any] | None:
    try:
        parsed = json.loads(line)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _is_of_traceback(line: str) -> bool:
    """Of the interpreter's, which tells once more what the handler has told."""
    return (
        "Traceback (most recent call last)" in line
        or line.startswith((" ", "\t"))
        or bool(_LAST_OF_TRACEBACK.match(line))
    )


def _says_nothing(entry: Mapping[str, Any]) -> bool:
    """What came of a sweep or of a batch of changes has lines of its own; metrics are for AWS.
    A receiver that rests has had its line, and each message that waits for it would have one more.
    """
    quiet = {"nothing_to_do", "resting"}
    is_idle = entry.get("outcome") in quiet and entry.get("message") == "delivery"
    return entry.get("message") in {"sweep", "relayed", NOT_FOUND} or "_aws" in entry or is_idle


def _subject(entry: Mapping[str, Any]) -> str:
    if event := entry.get("event_name"):
        return f"{entry['message']} {event}"
    if method := entry.get("method"):
        return f"{method} {_shown(entry.get('path', '')) or entry.get('route', '(no such route)')}"
    slot = f" {entry['slot']}" if "slot" in entry else ""
    return f"{entry.get('message', '')}{slot}"


def _shown(path: str) -> str:
    """Anyone may send it: nothing of it moves the cursor or begins a line, and it has an end."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in path[:_LONGEST_PATH])
    return f"{plain}…" if len(path) > _LONGEST_PATH else plain


def _whose(entry: Mapping[str, Any]) -> str:
    if job := entry.get("job"):
        return f"job {job}"
    if webhook := entry.get("webhook"):
        return f"webhook {webhook}"
    return str(entry.get("subject", ""))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _colour_of(status: object, *, alarming: bool) -> Colour:
    code = status if isinstance(status, int) else 0
    if alarming or code >= SERVER_ERROR or status == "failed":
        return Colour.RED
    is_unwell = code >= CLIENT_ERROR or status in UNWELL
    return Colour.YELLOW if is_unwell else Colour.GREEN


def _clock() -> str:
    return datetime.now(UTC).astimezone().strftime("%H:%M:%S")
