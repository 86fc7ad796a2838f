"""`python -m infra.deploying <command> …`: what follows the command goes to CDK as it is."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from infra.deploying import messages
from infra.deploying.account import Account
from infra.deploying.cdk_cli import run_cdk
from infra.deploying.errors import DeploymentError
from infra.deploying.sizing import Sizing, choose_size
from infra.errors import SynthesisError
from infra.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A command of the operator, with the account and region that it is for."""

    words: tuple[str, ...]
    context: Mapping[str, object]
    options: Options
    account: Account
    environment: Mapping[str, str]

    @property
    def stack(self) -> str:
        return f"darkroom-{self.options.stage}"

    def sizing(self) -> Sizing:
        return choose_size(self.context, self.account.concurrency(), self.account.region)

    def cdk(self, command: str, *more: str) -> int:
        return run_cdk(command, (*more, *self.words), self.environment)


def deploy(call: Invocation) -> int:
    call.account.check_bootstrap()
    standing = call.account.stack(call.stack)
    sizing = call.sizing()
    _say(messages.deployment(call.account, call.stack, standing, sizing))
    failed = call.cdk("deploy", *_as_words(sizing.context))
    made = None if failed else call.account.stack(call.stack)
    if made:
        _say(messages.next_steps(call.stack, call.account.region, made))
    return failed


def diff(call: Invocation) -> int:
    call.account.check_bootstrap()
    sizing = call.sizing()
    _say(messages.comparison(call.account, call.stack, sizing))
    return call.cdk("diff", *_as_words(sizing.context))


def bootstrap(call: Invocation) -> int:
    _say(messages.bootstrapping(call.account))
    return call.cdk("bootstrap")


def destroy(call: Invocation) -> int:
    """Asks for the stack's name, and not for a letter: it cannot be undone."""
    standing = call.account.stack(call.stack)
    if standing is None:
        where = f"account {call.account.id} in {call.account.region}"
        raise DeploymentError(f"There is no stack {call.stack} in {where}.")
    _say(messages.destruction(call.account, call.stack))
    if not {"-f", "--force"} & set(call.words):
        _say(f"To go on, type the name of the stack, {call.stack}:")
        if sys.stdin.readline().strip() != call.stack:
            raise DeploymentError("Nothing was deleted.")
    if standing.get("EnableTerminationProtection"):
        # The whole name was typed: that is what the protection is for.
        call.account.formation().update_termination_protection(
            StackName=call.stack, EnableTerminationProtection=False
        )
    return call.cdk("destroy", "--force")


COMMANDS: Mapping[str, Callable[[Invocation], int]] = {
    "deploy": deploy,
    "diff": diff,
    "bootstrap": bootstrap,
    "destroy": destroy,
}


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    name, *words = arguments
    given = _understood(words)
    try:
        # Before any call to AWS: a misspelt key needs none to be found.
        options = Options.read(given.context)
        account = Account(environment, given.profile)
        there = {**environment, "AWS_REGION": account.region, "AWS_DEFAULT_REGION": account.region}
        call = Invocation(
            words=tuple(words),
            context=given.context,
            options=options,
            account=account,
            environment=there,
        )
        return COMMANDS[name](call)
    except (DeploymentError, SynthesisError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


def _understood(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    parser.add_argument("-c", "--context", action="append", default=[])
    parser.add_argument("--profile")
    given, _ = parser.parse_known_args(words)
    pairs = [pair.partition("=") for pair in given.context]
    given.context = {key: value for key, _, value in pairs}
    return given


def _as_words(context: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(word for key, value in context.items() for word in ("-c", f"{key}={value}"))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    # What CDK writes is not buffered here, and would come before it.
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
