"""Which size of deployment the account's concurrency carries, and what that means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.deploying.account import Concurrency
from infra.deploying.errors import DeploymentError
from infra.options import Options
from infra.sizes import LEAST_UNRESERVED, MEDIUM, SMALL

USUALLY_UNRESERVED = 100
# Lambda's quota "Concurrent executions".
QUOTA_CODE = "L-B99A9384"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    # The context to add, for CDK.
    context: Mapping[str, str]
    lines: tuple[str, ...]


def choose_size(
    given: Mapping[str, object], concurrency: Concurrency | None, region: str
) -> Sizing:
    """A size that was given is kept; without one, an account with a small quota gets the small."""
    if concurrency is None:
        return Sizing(context={}, lines=("concurrency quota: not readable with these rights",))
    context = {"concurrency_quota": str(concurrency.quota)}
    if not given.get("size") and not _carries(concurrency, Options.read({**given})):
        context["size"] = SMALL.name
    options = Options.read({**given, **context})
    _refuse_reservation(options, concurrency)
    return Sizing(context=context, lines=tuple(_lines(options, concurrency, region, context)))


def _carries(concurrency: Concurrency, options: Options) -> bool:
    return concurrency.quota >= options.needed_concurrency


def _refuse_reservation(options: Options, concurrency: Concurrency) -> None:
    if options.all_reserved and concurrency.quota - options.all_reserved < LEAST_UNRESERVED:
        message = (
            f"AWS would refuse to reserve {options.all_reserved} of {concurrency.quota} concurrent "
            f"functions: {LEAST_UNRESERVED} at least stay unreserved. Ask for a larger quota, or "
            "leave out size, reserved_concurrency and api_reserved_concurrency."
        )
        raise DeploymentError(message)


def _lines(
    options: Options, concurrency: Concurrency, region: str, context: Mapping[str, str]
) -> list[str]:
    chosen = "chosen for the quota" if "size" in context else "as given"
    if options.size is MEDIUM and "size" not in context:
        chosen = "the default"
    size = (
        f"size {options.size.name} ({chosen}): up to {options.background_concurrency} functions "
        f"work in the background; the account runs {concurrency.quota} at once"
    )
    lines = [size]
    if not _carries(concurrency, options):
        lines.append(
            "that is too few for all at once: while they are busy, requests to the API wait or are "
            "refused with 503. Ask for 1,000, which is free:"
        )
        lines.append(
            f"https://{region}.console.aws.amazon.com/servicequotas/home/services/lambda/quotas/"
            f"{QUOTA_CODE}"
        )
    elif options.all_reserved and concurrency.unreserved < USUALLY_UNRESERVED:
        lines.append(
            f"{concurrency.unreserved} are unreserved now: by its documents AWS keeps "
            f"{USUALLY_UNRESERVED} so, and may refuse to reserve more"
        )
    return lines
