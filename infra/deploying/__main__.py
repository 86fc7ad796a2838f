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
class Order:
    """What a person asked for, and where it is to be done."""

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


def deploy(order: Order) -> int:
    order.account.check_bootstrap()
    standing = order.account.stack(order.stack)
    sizing = order.sizing()
    _say(messages.deployment(order.account, order.stack, standing, sizing))
    failed = order.cdk("deploy", *_as_words(sizing.context))
    made = None if failed else order.account.stack(order.stack)
    if made:
        _say(messages.next_steps(order.stack, order.account.region, made))
    return failed


def diff(order: Order) -> int:
    order.account.check_bootstrap()
    sizing = order.sizing()
    _say(messages.comparison(order.account, order.stack, sizing))
    return order.cdk("diff", *_as_words(sizing.context))


def bootstrap(order: Order) -> int:
    _say(messages.bootstrapping(order.account))
    return order.cdk("bootstrap")


def destroy(order: Order) -> int:
    """Asks for the stack's name, and not for a letter: it cannot be undone."""
    standing = order.account.stack(order.stack)
    if standing is None:
        where = f"account {order.account.id} in {order.account.region}"
        raise DeploymentError(f"There is no stack {order.stack} in {where}.")
    _say(messages.destruction(order.account, order.stack))
    if not {"-f", "--force"} & set(order.words):
        _say(f"To go on, type the name of the stack, {order.stack}:")
        if sys.stdin.readline().strip() != order.stack:
            raise DeploymentError("Nothing was deleted.")
    if standing.get("EnableTerminationProtection"):
        # The whole name was typed: that is what the protection is for.
        order.account.formation().update_termination_protection(
            StackName=order.stack, EnableTerminationProtection=False
        )
    return order.cdk("destroy", "--force")


COMMANDS: Mapping[str, Callable[[Order], int]] = {
    "deploy": deploy,
    "diff": diff,
    "bootstrap": bootstrap,
    "destroy": destroy,
}


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    name, *words = arguments
    given = _understood(words)
    try:
        # Before anything is asked of AWS: a misspelt key is none of its business.
        options = Options.read(given.context)
        account = Account(environment, given.profile)
        there = {**environment, "AWS_REGION": account.region, "AWS_DEFAULT_REGION": account.region}
        order = Order(
            words=tuple(words),
            context=given.context,
            options=options,
            account=account,
            environment=there,
        )
        return COMMANDS[name](order)
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
