"""What runs at once in an account of any quota, and what `make deploy` makes of the quota."""

from __future__ import annotations

import pytest

from infra.deploying.account import Concurrency
from infra.deploying.errors import DeploymentError
from infra.deploying.sizing import choose_size
from infra.options import Options
from infra.sizes import SIZES

REGION = "eu-west-1"
# Where nothing is said of sizes: what deployments had before there were any.
BEFORE = {
    "worker_concurrency": 20,
    "webhook_concurrency": 20,
    "workspace_share": 5,
    "waits_per_key": 20,
    "waits_per_workspace": 40,
    "throttle_rate": 200,
    "throttle_burst": 400,
    "api_reserved_concurrency": None,
    "reserved_concurrency": None,
}


def chosen(quota, **given):
    return choose_size(given, Concurrency(quota=quota, unreserved=quota), REGION)


def peak(template) -> int:
    """The most functions at once that queues and the stream start, as the template has it."""
    at_once = 0
    for mapping in template.all("AWS::Lambda::EventSourceMapping").values():
        if "ScalingConfig" in mapping:
            at_once += mapping["ScalingConfig"]["MaximumConcurrency"]
        else:
            at_once += 4 * mapping["ParallelizationFactor"]
    return at_once + 1


def test_a_deployment_without_a_size_is_as_it_was():
    options = Options.read({})
    assert {key: getattr(options, key) for key in BEFORE} == BEFORE
    assert Options.read({"size": "medium"}) == options


def test_a_key_counts_more_than_the_size():
    options = Options.read({"size": "small", "worker_concurrency": "7", "waits_per_key": "9"})
    assert (options.worker_concurrency, options.waits_per_key) == (7, 9)
    assert options.webhook_concurrency == 2
    large = Options.read({"size": "large", "api_reserved_concurrency": "50"})
    assert large.api_reserved_concurrency == 50


@pytest.mark.parametrize("size", SIZES)
def test_the_template_starts_as_many_functions_as_the_size_says(make_template, size):
    template = make_template(size=size, observability=0)
    options = Options.read({"size": size})
    assert peak(template) == options.background_concurrency
    # The doctor judges the account's quota by the same figure as `make deploy`.
    needed = int(template.body["Outputs"]["ConcurrencyNeeded"]["Value"])
    least = Concurrency(quota=needed, unreserved=needed)
    assert "too few" not in str(choose_size({"size": size}, least, REGION).lines)
    too_small = Concurrency(quota=needed - 1, unreserved=needed - 1)
    assert "too few" in str(choose_size({"size": size}, too_small, REGION).lines)
    reserved = {
        name: one.get("ReservedConcurrentExecutions") for name, one in template.functions().items()
    }
    assert reserved["submit"] == reserved["status"] == options.api_reserved_concurrency
    # Waiting requests leave two thirds of what is reserved, and are counted by that alone.
    waits = {
        name: template.functions()[name]["Environment"]["Variables"]["WAITS_PER_FUNCTION"]
        for name in ("submit", "status")
    }
    assert waits == dict.fromkeys(waits, "66" if size == "large" else "")


def test_a_fresh_accounts_quota_of_ten_gets_the_small_size_and_is_told_what_that_means():
    sizing = chosen(10)
    assert sizing.context == {"size": "small", "concurrency_quota": "10"}
    size, too_few, link = sizing.lines
    assert "the account runs 10 at once" in size
    assert "requests to the API wait or are refused" in too_few
    assert link.endswith("/lambda/quotas/L-B99A9384")


def test_waiting_requests_of_a_small_deployment_do_not_take_a_fresh_accounts_whole_quota():
    small = Options.read({"size": "small"})
    assert small.waits_per_workspace < 10 // 2


@pytest.mark.parametrize("reserved", [1, 2, 3, 100])
def test_twice_as_many_as_may_wait_still_leave_room(reserved):
    options = Options.read({"api_reserved_concurrency": str(reserved)})
    assert 2 * int(options.waits_per_function) < reserved


@pytest.mark.parametrize("quota", [141, 1000])
def test_a_quota_that_carries_the_default_changes_nothing(quota):
    sizing = chosen(quota)
    assert sizing.context == {"concurrency_quota": str(quota)}
    assert len(sizing.lines) == 1


def test_just_below_it_is_small():
    assert chosen(140).context["size"] == "small"


def test_a_size_that_was_given_is_kept_and_a_quota_too_small_for_it_told():
    sizing = chosen(50, size="medium")
    assert "size" not in sizing.context
    assert len(sizing.lines) == 3


def test_large_fits_into_the_usual_quota():
    assert len(chosen(1000, size="large").lines) == 1


@pytest.mark.parametrize(
    ("quota", "given"),
    [(10, {"api_reserved_concurrency": "1"}), (400, {"size": "large"}), (100, {"size": "large"})],
)
def test_what_aws_would_refuse_to_reserve_is_refused_before(quota, given):
    with pytest.raises(DeploymentError, match="AWS would refuse to reserve"):
        chosen(quota, **given)


def test_a_quota_that_may_not_be_read_stops_nothing():
    sizing = choose_size({}, None, REGION)
    assert sizing.context == {}
    assert "not readable" in sizing.lines[0]
