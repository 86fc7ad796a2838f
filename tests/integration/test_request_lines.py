"""The log line of a request: the alarms of a canary count by it what a new version answers."""

from __future__ import annotations

import json

import pytest

from darkroom.aws.jobs import DynamoJobs
from tests.integration.conftest import running_system


@pytest.fixture
def line(caplog):
    def read(system, function):
        [record] = [one for one in caplog.records if one.message == "request"]
        log = system.handlers[function]._log
        return json.loads(log.registered_formatter.format(record))

    return read


def test_a_fault_is_logged_with_its_status_and_the_functions_version(monkeypatch, line):
    def broken(*_):
        raise RuntimeError("a fault of ours")

    with running_system(AWS_LAMBDA_FUNCTION_VERSION="7") as system:
        monkeypatch.setattr(DynamoJobs, "get", broken)
        answer = system.http("GET", "/v1/jobs/01890000-0000-7000-8000-000000000000")
        logged = line(system, "status")
    assert answer.status == 500
    assert (logged["status"], logged["service"], logged["version"]) == (500, "status", "7")


def test_elsewhere_than_on_lambda_there_is_no_version(system, line):
    system.http("GET", "/v1/account")
    assert "version" not in line(system, "status")
