"""What `make deploy` and its like read from an account and say of it, against the local AWS."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator

import pytest

from infra.deploying.account import BOOTSTRAP_PARAMETER
from infra.local.environment import ACCOUNT, REGION
from tests.deploying_machine import Machine, served_registry
from tests.running import ROOT, STACK


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    with served_registry() as address:
        yield address


@pytest.fixture
def machine(tmp_path, registry, local) -> Machine:
    made = Machine(tmp_path, registry)
    made.variables |= {
        "AWS_ENDPOINT_URL": local.aws.endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
    }
    return made


@pytest.fixture
def bootstrapped(local) -> Iterator[None]:
    ssm = local.aws.client("ssm")
    ssm.put_parameter(Name=BOOTSTRAP_PARAMETER, Value="28", Type="String", Overwrite=True)
    yield
    ssm.delete_parameter(Name=BOOTSTRAP_PARAMETER)


@pytest.mark.parametrize("command", ["deploy", "diff"])
def test_an_account_without_a_bootstrap_is_told_the_command(machine, command):
    done = machine.make(command)
    assert done.returncode
    assert f"Account {ACCOUNT} has no CDK bootstrap in {REGION} yet" in done.stderr
    assert "Run: make bootstrap" in done.stderr
    assert machine.calls == []


def test_an_old_bootstrap_is_told_the_command(machine, local, bootstrapped):
    local.aws.client("ssm").put_parameter(
        Name=BOOTSTRAP_PARAMETER, Value="5", Type="String", Overwrite=True
    )
    done = machine.make("deploy")
    assert done.returncode
    assert f"The CDK bootstrap of {REGION} is version 5. Run: make bootstrap" in done.stderr


@pytest.mark.parametrize("code", ["0", "7"])
def test_bootstrap_says_where_and_hands_on_what_cdk_answers(machine, code):
    done = machine.make("bootstrap", EXIT_CODE=code)
    # make has codes of its own for any failure.
    assert (done.returncode != 0) == (code != "0")
    assert f"account {ACCOUNT} in {REGION}" in done.stdout
    [call] = machine.calls
    assert call["words"] == ["bootstrap"]


def test_deploy_says_where_and_then_what_comes_next(machine, local, bootstrapped):
    words = ["-c", "stage=local", "-c", "size=small", "--require-approval", "never"]
    done = machine.make("deploy", f"ARGS={' '.join(words)}")
    assert done.returncode == 0, done.stderr
    assert f"Deploying {STACK} to account {ACCOUNT} in {REGION}" in done.stdout
    assert "there is a stack of that name, " in done.stdout
    limit = local.aws.client("lambda").get_account_settings()["AccountLimit"]
    quota = limit["ConcurrentExecutions"]
    assert f"the account runs {quota} at once" in done.stdout
    [call] = machine.calls
    assert call["words"] == ["deploy", "-c", f"concurrency_quota={quota}", *words]
    assert call["env"]["AWS_REGION"] == call["env"]["AWS_DEFAULT_REGION"] == REGION
    # The commands that it prints are run as they are, down to the key.
    address = local.outputs["ApiUrl"]
    assert f"{address}/docs" in done.stdout
    steps = re.search(r"  export (.|\n)+?\n  KEY=.+\n", done.stdout)
    assert steps
    script = steps.group().replace("acme", "first-steps") + 'echo "$KEY"\n'
    shell = subprocess.run(
        ["/bin/sh", "-e"],
        cwd=ROOT,
        input=script,
        env={**machine.variables, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    key = shell.stdout.splitlines()[-1]
    assert key.startswith("dk_local_"), shell.stderr
    account = local.request("GET", "/v1/account", headers={"Authorization": f"Bearer {key}"})
    assert account.json()["workspace"] == "first-steps"
    assert f'curl -s {address}/v1/jobs -H "Authorization: Bearer $KEY"' in done.stdout


def test_a_deployment_that_failed_has_no_next_steps(machine, bootstrapped):
    done = machine.make("deploy", "ARGS=-c stage=local", EXIT_CODE="1")
    assert done.returncode
    assert "A workspace, a key" not in done.stdout


def test_a_stack_is_deleted_only_by_its_whole_name(machine):
    for typed in ("", "y\n", "darkroom-dev\n"):
        done = machine.make("destroy", "ARGS=-c stage=local", typed=typed)
        assert done.returncode
        assert "Nothing was deleted." in done.stderr
    assert machine.calls == []
    done = machine.make("destroy", "ARGS=-c stage=local", typed=f"{STACK}\n")
    assert done.returncode == 0, done.stderr
    [call] = machine.calls
    assert call["words"] == ["destroy", "--force", "-c", "stage=local"]


def test_the_typed_name_lifts_the_protection(machine, local):
    formation = local.aws.cloudformation()
    formation.update_termination_protection(StackName=STACK, EnableTerminationProtection=True)
    machine.make("destroy", "ARGS=-c stage=local", typed="no\n")
    [stack] = formation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["EnableTerminationProtection"] is True
    machine.make("destroy", "ARGS=-c stage=local", typed=f"{STACK}\n")
    [stack] = formation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["EnableTerminationProtection"] is False


def test_a_stack_that_is_not_there_is_not_deleted(machine):
    done = machine.make("destroy", "ARGS=-c stage=none", typed="darkroom-none\n")
    assert done.returncode
    assert f"There is no stack darkroom-none in account {ACCOUNT} in {REGION}." in done.stderr
