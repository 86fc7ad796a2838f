"""What the log, and the terminal of `make run`, say of an image that is not there yet."""

import io
import json
import re
from types import SimpleNamespace

from darkroom.providers.exchange import Failed, Trouble
from darkroom.providers.painter.adapter import PainterAdapter
from infra.local.logs import Logs
from infra.local.screen import Screen


def test_the_line_of_an_image_that_is_to_be_retried_says_why(system, monkeypatch, caplog):
    failed = Failed(trouble=Trouble.NO_FUNDS, reason="words_of_theirs")
    monkeypatch.setattr(PainterAdapter, "read_start", lambda _self, _reply: failed)
    system.submit(width=64, height=64)
    assert system.work() == []
    [line] = [record for record in caplog.records if record.message == "image"]
    assert (line.outcome, line.why) == ("retry", "painter no_funds")
    assert "words_of_theirs" not in str([vars(record) for record in caplog.records])


def test_the_line_of_an_image_that_was_made_gives_no_reason(system, caplog):
    system.submit(width=64, height=64)
    system.work()
    [line] = [record for record in caplog.records if record.message == "image"]
    assert (line.outcome, hasattr(line, "why")) == ("stored", False)


def shown(tmp_path, **entry):
    """The lines of the terminal for one entry of the log."""
    streams = [{"logStreamName": "s", "message": json.dumps(entry)}]
    client = SimpleNamespace(
        describe_log_groups=lambda **_: {"logGroups": [{"logGroupName": "/aws/lambda/d-worker"}]},
        filter_log_events=lambda **_: {"events": streams},
        delete_log_stream=lambda **_: None,
    )
    stream, aws_log = io.StringIO(), tmp_path / "aws.log"
    aws_log.touch()
    aws = SimpleNamespace(client=lambda _: client)
    Logs(aws, Screen(stream, coloured=False), "d-", tmp_path / "f.log", aws_log).show_new()
    return stream.getvalue().splitlines()


def test_the_terminal_shows_the_reason_beside_the_outcome(tmp_path):
    entry = {"message": "image", "slot": 2, "outcome": "retry", "duration_ms": 9, "job": "j"}
    [line] = shown(tmp_path, **entry, why="fal rate_limited")
    assert re.split(r" {2,}", line)[1:] == [
        "worker",
        "image 2",
        "retry",
        "(fal rate_limited)",
        "9 ms",
        "job j",
    ]
    [line] = shown(tmp_path, **entry)
    assert re.split(r" {2,}", line)[1:] == ["worker", "image 2", "retry", "9 ms", "job j"]
