"""What the log, and the terminal of `make run`, say of an image that is not there yet."""

import io
import json
import re
from types import SimpleNamespace

from darkroom.providers.interface import Failed, FailureKind
from darkroom.providers.vendors.painter import Painter
from infra.local.logs import Logs
from infra.local.terminal import Terminal


def test_the_line_of_an_image_that_is_to_be_retried_says_why(system, monkeypatch, caplog):
    failed = Failed(kind=FailureKind.NO_FUNDS, reason="words_of_theirs")
    monkeypatch.setattr(Painter, "read_start", lambda _self, _reply: failed)
    system.submit(width=64, height=64)
    assert system.work() == []
    [line] = [record for record in caplog.records if record.message == "image"]
    assert (line.outcome, line.why) == ("retry", "painter no_funds")
    assert "words_of_theirs" not in str([vars(record) for record in caplog.records])


def test_the_last_line_of_an_image_that_no_provider_made_has_the_code_that_an_alarm_counts(
    system, monkeypatch, caplog
):
    failed = Failed(kind=FailureKind.NO_FUNDS, reason="words_of_theirs")
    monkeypatch.setattr(Painter, "read_start", lambda _self, _reply: failed)
    monkeypatch.setattr("darkroom.usecases.process_slot.MAX_LEASES", 1)
    system.submit(width=64, height=64)
    system.work()
    [line] = [record for record in caplog.records if record.message == "image"]
    assert (line.outcome, line.why) == ("failed", "painter no_funds")
    assert line.failure == "provider_failed"


def test_the_line_of_an_image_that_was_made_gives_no_reason(system, caplog):
    system.submit(width=64, height=64)
    system.work()
    [line] = [record for record in caplog.records if record.message == "image"]
    assert (line.outcome, hasattr(line, "why")) == ("stored", False)


def shown(tmp_path, **entry):
    """The lines of the terminal for one entry of the log."""
    return shown_of(tmp_path, [[json.dumps(entry)]])


def shown_of(tmp_path, invocations, aws_log=""):
    """The lines of the terminal for invocations of a function, one after the other."""
    remaining = list(invocations)

    def events(**_):
        lines = remaining.pop(0) if remaining else []
        return {"events": [{"logStreamName": "s", "message": line} for line in lines]}

    client = SimpleNamespace(
        describe_log_groups=lambda **_: {"logGroups": [{"logGroupName": "/aws/lambda/d-worker"}]},
        filter_log_events=events,
        delete_log_stream=lambda **_: None,
    )
    stream, file = io.StringIO(), tmp_path / "aws.log"
    file.write_text(aws_log)
    aws = SimpleNamespace(client=lambda _: client)
    logs = Logs(aws, Terminal(stream, coloured=False), "d-", tmp_path / "f.log", file)
    for _ in invocations:
        logs.show_new()
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


def fault(message):
    """What one invocation writes when a message cannot be read: its own line, and the trace of the
    interpreter.
    """
    own = "Traceback (most recent call last):\n  File a\nValueError: this message is none of ours"
    entry = {"level": "ERROR", "message": "fault", "message_id": message, "exception": own}
    again = own.splitlines()
    return [json.dumps(entry), again[0], "  File b", "    raise", again[-1]]


def test_a_message_that_cannot_be_read_is_told_of_in_full_once(tmp_path):
    echoed = fault("m-1")[0] + "\n"
    lines = shown_of(tmp_path, [fault("m-1"), fault("m-1"), fault("m-2")], aws_log=echoed)
    traces = [line for line in lines if line.startswith("Traceback")]
    assert len(traces) == 2
    assert [line for line in lines if line.startswith("ValueError")] == [
        "ValueError: this message is none of ours"
    ] * 2
    assert len([line for line in lines if line.endswith("fault")]) == 3


def test_a_traceback_that_no_handler_told_of_is_shown(tmp_path):
    lines = shown_of(
        tmp_path, [["Traceback (most recent call last):", "  File a", "KeyError: 'a'"]]
    )
    assert lines == ["Traceback (most recent call last):", "  File a", "KeyError: 'a'"]
    assert shown_of(tmp_path, [["Task timed out after 60 s"]]) == ["Task timed out after 60 s"]


def test_the_terminal_shows_the_code_of_a_refusal_and_the_path_of_what_is_not_there(tmp_path):
    request = {"message": "request", "method": "GET", "status": 404, "code": "job.not_found"}
    path = {"level": "DEBUG", "message": "not_found", "path": "/v1/jobs/x"}
    lines = [json.dumps(path), json.dumps({**request, "route": "/v1/jobs/{id}"})]
    [line] = shown_of(tmp_path, [lines])
    assert re.split(r" {2,}", line)[2:] == ["GET /v1/jobs/x", "404", "(job.not_found)"]


def test_a_path_cannot_write_to_the_terminal_what_it_likes(tmp_path):
    request = {"message": "request", "method": "GET", "status": 404, "code": "job.not_found"}
    path = {"message": "not_found", "path": "/v1/jobs/\x1b[31mred\nline2\r\x00" + "a" * 20_000}
    [line] = shown_of(tmp_path, [[json.dumps(path), json.dumps(request)]])
    assert "/v1/jobs/?[31mred?line2??aaa" in line
    assert line.isprintable()
    assert len(line) < 200


def refusal(caplog):
    [line] = [record for record in caplog.records if record.message == "request"]
    return line.status, line.code


def test_the_line_of_a_refused_request_has_its_code(system, caplog):
    system.submit(prompt="")
    assert refusal(caplog) == (400, "prompt.empty")
    caplog.clear()
    system.http("POST", "/powerpost/api/v1/images/generate", {"prompt": "x"}, key="nothing")
    assert refusal(caplog) == (401, "key.malformed")


def test_the_path_of_what_is_not_there_is_logged_for_developers_alone(system, caplog):
    def logged():
        caplog.clear()
        system.http("GET", "/nowhere/canary")
        return [record for record in caplog.records if getattr(record, "path", "")]

    assert logged() == []
    log = system.handlers["status"]._log
    log.setLevel("DEBUG")
    try:
        [line] = logged()
    finally:
        log.setLevel("INFO")
    assert (line.message, line.path) == ("not_found", "/nowhere/canary")


def test_the_line_of_a_failed_upload_says_why(system, monkeypatch, caplog):
    # The worker's turn comes while the API waits for it.
    monkeypatch.setattr("darkroom.clock_and_ids.time.sleep", lambda _: system.work())
    sent = {"content-type": "application/json"}
    body = {"url": "https://darkroom-nowhere.example/a.png"}
    refused = system.http("POST", "/v1/media", body, headers=sent)
    assert (refused.status, refused.json["code"]) == (400, "url.unknown_host")
    [line] = [record for record in caplog.records if record.message == "image"]
    assert (line.outcome, line.why) == ("failed", "unknown_host")
