"""What the proof makes of AWS's answers, and that its report names no account."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from botocore.exceptions import ClientError

from darkroom.admin.proof import api, platform, work, workspace
from darkroom.admin.proof.facts import Disproved, NotShown, check_account_free
from darkroom.admin.proof.report import Outcome, Result, is_genuine, signed_report
from darkroom.admin.proof.table import CHECKS, ProofCheck, run_check
from tests.fakes.deployment import FakeAws
from tests.fakes.world import FakeClock, FakeSecrets

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
ROLE = "arn:aws:iam::123456789012:role/darkroom-prod-status"


@pytest.fixture(autouse=True)
def no_time(monkeypatch):
    """Each second of waiting passes at once."""
    passed = [0.0]

    def sleep(seconds):
        passed[0] += seconds

    clock = SimpleNamespace(monotonic=lambda: passed[0], sleep=sleep, time=lambda: 1e9)
    for module in (workspace, work, platform):
        monkeypatch.setattr(module, "time", clock)


def asking(aws, answer=lambda _request: httpx.Response(200, json={})):
    client = httpx.Client(base_url="https://api.test", transport=httpx.MockTransport(answer))
    return workspace.ProofWorkspace(deployment=aws, http=client, name="prove-1")


def outcome_of(run, aws=None, **given):
    check = ProofCheck(name="one", shows="", run=run, usd=0, seconds=0, **given)
    return run_check(check, asking(aws or FakeAws()))[0]


@pytest.mark.parametrize(
    "naming",
    [
        *("123456789012", "arn:aws:s3:::b", "https://x.test", "you@example.com", "10.0.0.1"),
        *("d111111abcdef8", "a/b", "x" * 61, 123456789012, {"deadbeef": 1}, ["me@x"]),
        {"a": {"b": "s3.amazonaws.com"}},
    ],
)
def test_what_may_name_an_account_is_no_fact(naming):
    with pytest.raises(ValueError, match="may not say"):
        check_account_free(naming)


def test_a_report_is_signed_and_refuses_to_name_an_account():
    outcome = Outcome(name="one", result=Result.SHOWN, seconds=1.0, facts={"ms": 512})
    given = {"version": "0.1.0", "region": "eu-west-1", "day": "2026-11-29"}
    signed = signed_report([outcome], **given, secrets=FakeSecrets())
    assert is_genuine(json.loads(json.dumps(signed)), FakeSecrets())
    for changed in (
        {**signed, "generation": 2},
        {**signed, "signature": "é"},
        {**signed, "report": {**signed["report"], "day": "2026-11-30"}},
        {"report": signed["report"]},
    ):
        assert not is_genuine(changed, FakeSecrets())
    naming = Outcome(name="one", result=Result.SHOWN, seconds=1.0, facts={"topic": TOPIC})
    with pytest.raises(ValueError, match="may not say"):
        signed_report([naming], **given, secrets=FakeSecrets())


def failing(error):
    def run(_workspace):
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "result", "reason"),
    [
        (NotShown("no subscriber has confirmed"), Result.OPEN, "no subscriber has confirmed"),
        (Disproved("302 instead of 200"), Result.WRONG, "302 instead of 200"),
        (Disproved(f"wrong at {TOPIC}"), Result.WRONG, "a reason that a report may not say"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": ROLE}}, "Simulate"),
            Result.OPEN,
            "refused: AccessDenied",
        ),
        (httpx.ConnectError("https://x.test"), Result.WRONG, "ConnectError"),
        (KeyError(ROLE), Result.WRONG, "KeyError"),
    ],
)
def test_an_error_is_written_without_what_it_names(error, result, reason):
    outcome = outcome_of(failing(error))
    assert (outcome.result, outcome.reason) == (result, reason)
    check_account_free([outcome.name, outcome.reason])


def test_facts_that_name_an_account_are_wrong_and_not_written():
    outcome = outcome_of(lambda _: {"role": ROLE})
    assert (outcome.result, outcome.reason, outcome.facts) == (Result.WRONG, "ValueError", {})


def test_what_needs_aws_is_not_run_locally():
    aws = FakeAws()
    aws.is_local = True
    outcome = outcome_of(failing(AssertionError()), aws, needs_aws=True)
    assert (outcome.result, outcome.reason) == (Result.OPEN, "needs AWS")


def test_names_of_checks_are_words_of_their_own_and_account_free():
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    check_account_free(names)


def test_an_expired_item_has_to_go_within_the_time():
    looks = []
    aws = FakeAws(
        describe_time_to_live={
            "TimeToLiveDescription": {
                "TimeToLiveStatus": "ENABLED",
                "AttributeName": "expires_at",
            }
        },
        put_item={},
        get_item=lambda **_: looks.append(1) or ({"Item": {}} if len(looks) < 100 else {}),
    )
    aws.outputs["TableName"] = "t"
    assert work.expire_items(asking(aws)) == {"seconds": 50}
    aws.answers["get_item"] = {"Item": {}}
    with pytest.raises(NotShown, match="was not deleted within 2700 s"):
        work.expire_items(asking(aws))
    aws.answers["describe_time_to_live"] = {
        "TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}
    }
    with pytest.raises(Disproved):
        work.expire_items(asking(aws))


@pytest.mark.parametrize("decision", ["implicitDeny", "explicitDeny", "allowed"])
def test_roles_are_asked_for_what_none_of_them_needs(decision):
    row = {"EvalActionName": "sqs:DeleteQueue", "EvalDecision": decision}
    aws = FakeAws(
        get_function_configuration={"Role": ROLE},
        simulate_principal_policy={"EvaluationResults": [row]},
    )
    aws.outputs |= {"SubmitFunctionName": "a", "StatusFunctionName": "b"}
    outcome = outcome_of(platform.deny_by_roles, aws)
    if decision == "allowed":
        assert (outcome.result, outcome.reason) == (Result.WRONG, "a role may sqs:DeleteQueue")
    else:
        assert outcome.facts == {"roles": 1, "actions denied": len(platform._NEVER)}


@pytest.fixture
def mailing(monkeypatch):
    """An account with one alarm, twenty seconds past a minute, and what SNS has delivered: one
    mail of an alarm in the minute before.
    """
    clock = FakeClock()
    clock.pass_time(20)
    before = clock.now().replace(second=0)
    account = SimpleNamespace(
        clock=clock,
        states=[],
        points=[{"Timestamp": before, "Sum": 1.0}],
        state="OK",
        subscription=f"{TOPIC}:1",
    )

    def set_state(**given):
        account.states.append((given["StateValue"], clock.now()))

    def delivered(**given):
        # As CloudWatch does, which rounds the start down to its minute.
        since = given["StartTime"].replace(second=0, microsecond=0)
        return {"Datapoints": [one for one in account.points if one["Timestamp"] >= since]}

    account.aws = FakeAws(
        describe_alarms=lambda **_: {
            "MetricAlarms": [{"AlarmActions": [TOPIC], "StateValue": account.state}]
        },
        list_subscriptions_by_topic=lambda **_: {
            "Subscriptions": [{"SubscriptionArn": account.subscription}]
        },
        set_alarm_state=set_state,
        get_metric_statistics=delivered,
    )
    account.aws.services.clock = clock
    return account


def test_an_alarm_set_by_hand_has_to_be_delivered_and_is_set_back(mailing):
    minute = mailing.clock.now().replace(second=0) + timedelta(minutes=1)
    mailing.points.append({"Timestamp": minute, "Sum": 1.0})
    assert platform.mail_alarms(asking(mailing.aws)) == {"delivered": 1}
    assert mailing.states == [("ALARM", minute), ("OK", minute)]


def test_mails_that_were_sent_before_the_alarm_was_set_show_nothing(mailing):
    with pytest.raises(NotShown, match="delivered within 900 s"):
        platform.mail_alarms(asking(mailing.aws))
    assert [state for state, _ in mailing.states] == ["ALARM", "OK"]


def test_an_alarm_that_is_on_already_or_has_no_subscriber_is_not_set(mailing):
    mailing.state = "ALARM"
    with pytest.raises(NotShown, match="on already"):
        platform.mail_alarms(asking(mailing.aws))
    mailing.state, mailing.subscription = "OK", "PendingConfirmation"
    with pytest.raises(NotShown, match="confirmed"):
        platform.mail_alarms(asking(mailing.aws))
    assert mailing.states == []


STARTS = {
    "from bundles": [
        "START",
        "REPORT Duration: 4 ms Init Duration: 500.4 ms",
        "REPORT Init Duration: 700.0 ms",
    ],
    "from snapshots": [
        "RESTORE_REPORT Restore Duration: 500.4 ms",
        "REPORT Duration: 4 ms Restore Duration: 500.4 ms Billed Restore Duration: 90 ms",
        "REPORT Duration: 4 ms Restore Duration: 700.0 ms Billed Restore Duration: 80 ms",
    ],
}


@pytest.mark.parametrize("lines", STARTS.values(), ids=STARTS)
def test_cold_starts_are_read_from_the_functions_logs(lines):
    aws = FakeAws(filter_log_events={"events": [{"message": line} for line in lines]})
    aws.outputs |= {"SubmitFunctionName": "a", "StatusFunctionName": "b"}
    facts = platform.start_functions(asking(aws))
    assert facts == {
        "status starts": 2,
        "status median ms": 600,
        "status slowest ms": 700,
        "submit starts": 2,
        "submit median ms": 600,
        "submit slowest ms": 700,
    }
    check_account_free(facts)


@pytest.mark.parametrize(
    ("status", "result"), [(429, Result.OPEN), (503, Result.OPEN), (500, Result.WRONG)]
)
def test_requests_for_which_an_account_has_no_functions_disprove_nothing(status, result):
    check = ProofCheck(name="one", shows="", run=platform.start_functions, usd=0, seconds=0)
    asked = asking(FakeAws(), lambda _: httpx.Response(status))
    outcome, _ = run_check(check, asked)
    assert (outcome.result, str(status) in outcome.reason) == (result, True)


def test_a_large_body_has_to_be_refused():
    assert api.refuse_large_bodies(asking(FakeAws(), lambda _: httpx.Response(413)))
    with pytest.raises(Disproved):
        api.refuse_large_bodies(asking(FakeAws(), lambda _: httpx.Response(500)))


@pytest.mark.parametrize(("waiting", "is_fair"), [(25, True), (3, False)])
def test_a_small_workspace_is_served_while_a_flood_waits(waiting, is_fair):
    def answer(request):
        if request.method == "POST":
            return httpx.Response(202, json={"id": "j"})
        if request.url.path.endswith("/j"):
            return httpx.Response(200, json={"status": "completed"})
        rows = ["pending"] * waiting + ["completed"] * (30 - waiting)
        return httpx.Response(200, json={"jobs": [{"status": status} for status in rows]})

    small = asking(FakeAws(), answer)
    flooding = workspace.ProofWorkspace(
        deployment=small.deployment, http=small.http, name="prove-2", neighbour=small
    )
    if is_fair:
        assert work.keep_queues_fair(flooding)["still waiting"] == waiting
    else:
        with pytest.raises(Disproved):
            work.keep_queues_fair(flooding)


@pytest.mark.parametrize(("allowed", "is_right"), [("*", True), ("https://a.test", False)])
def test_a_page_reads_what_s3_answers_without_an_origin(monkeypatch, allowed, is_right):
    monkeypatch.setattr(workspace.ProofWorkspace, "uploaded_noise", lambda *_: "m")
    file = httpx.Response(200, headers={"access-control-allow-origin": allowed})
    monkeypatch.setattr(api.httpx, "get", lambda *_, **__: file)
    redirect = httpx.Response(302, headers={"location": "https://s3.test"})
    asked = asking(FakeAws(), lambda _: redirect)
    if is_right:
        assert api.read_large_file_from_page(asked) == {"status": 200}
    else:
        with pytest.raises(Disproved):
            api.read_large_file_from_page(asked)
