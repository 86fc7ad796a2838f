"""Where a request is counted: submits by the account, other requests with a key by the process,
requests without a valid key by address. Each test begins in a process that has counted nothing.
"""

import pytest

from darkroom.bootstrap.admin import AdminServices
from darkroom.bootstrap.process_rate_limiter import PER_MINUTE, client_of
from darkroom.settings import AdminSettings
from darkroom.usecases.create_workspace import Limits

UNKNOWN_JOB = "/v1/jobs/01999999-9999-7999-8999-999999999999"
UNKNOWN_IMAGE = "/v1/callbacks/acme/01999999-9999-7999-8999-999999999999/0/" + "t" * 32
# Each dialect's own way to say what is left.
LIMIT_HEADERS = ("ratelimit", "x-ratelimit-remaining")


@pytest.fixture
def noon(monkeypatch):
    """All requests of a test come within one minute."""
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)


def statuses(ask, count):
    return [ask().status for _ in range(count)]


def told_limits(answer):
    return [name for name in answer.headers if name in LIMIT_HEADERS]


def test_submits_are_counted_by_the_account_alone(system, noon):
    admin = AdminServices(AdminSettings.from_environment())
    admin.create_workspace(
        "wide", 2000, Limits(requests_per_minute=1200, max_in_flight=2000), "free"
    )
    key = admin.key_service.create("wide", scopes={"generate"})[0]

    def quote():
        return system.http("POST", "/v1/jobs", {"prompt": "x", "dry_run": True}, key=key)

    assert statuses(quote, PER_MINUTE + 5) == [200] * (PER_MINUTE + 5)
    assert quote().headers["ratelimit-policy"] == '"requests";q=1200;w=60'


def test_reads_of_a_key_are_counted_by_the_process(system, noon):
    def poll():
        return system.http("GET", UNKNOWN_JOB)

    assert statuses(poll, PER_MINUTE) == [404] * PER_MINUTE
    refused = poll()
    assert (refused.status, refused.json["code"]) == (429, "rate.limited")
    assert refused.headers["ratelimit"].startswith('"requests";r=0;t=')
    # Another key has its own count.
    other = AdminServices(AdminSettings.from_environment()).key_service.create(
        "acme", scopes={"read"}
    )[0]
    assert system.http("GET", UNKNOWN_JOB, key=other).status == 404


@pytest.mark.parametrize(
    ("request_line", "key", "status"),
    [
        ("GET /v1/account", "dk_test_nothing", 401),
        ("POST /v1/jobs", "dk_test_nothing", 401),
        ("GET /nowhere", "", 404),
        ("GET /powerpost/nowhere", "", 404),
        ("GET /openapi.json", "", 200),
        (f"GET /v1/files/{'0' * 36}.png", "", 404),
        (f"POST {UNKNOWN_IMAGE}", "", 404),
    ],
)
def test_requests_without_a_valid_key_are_counted_by_address(
    system, noon, request_line, key, status
):
    def ask():
        return system.http(*request_line.split(), key=key)

    assert statuses(ask, PER_MINUTE) == [status] * PER_MINUTE
    refused = ask()
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) == 60
    # The same process goes on serving good keys, from that address too.
    assert system.http("GET", UNKNOWN_JOB).status == 404
    assert system.submit(dry_run=True).status == 200


def test_a_key_without_the_scope_is_counted_by_address(system, noon):
    narrow = AdminServices(AdminSettings.from_environment()).key_service.create(
        "acme", scopes={"read"}
    )[0]

    def ask():
        return system.http("POST", "/v1/jobs", {"prompt": "x"}, key=narrow)

    assert statuses(ask, PER_MINUTE) == [403] * PER_MINUTE
    assert ask().status == 429


def test_health_is_free_and_says_nothing_of_limits(system, noon):
    def ask():
        return system.http("GET", "/v1/health", key="")

    assert statuses(ask, PER_MINUTE + 5) == [200] * (PER_MINUTE + 5)
    assert told_limits(ask()) == []


def test_signed_addresses_of_files_are_free(system, noon):
    job = system.submit(width=64, height=64).json["id"]
    system.work()
    url = system.http("GET", f"/v1/jobs/{job}").json["images"][0]["url"]
    path, _, signed = url.partition("?")
    query = dict(part.split("=") for part in signed.split("&"))

    def ask():
        return system.http("GET", path.removeprefix("https://darkroom.test"), query=query, key="")

    assert statuses(ask, PER_MINUTE + 5) == [200] * (PER_MINUTE + 5)


def test_a_minute_later_everything_is_open_again(system, noon, monkeypatch):
    statuses(lambda: system.http("GET", UNKNOWN_JOB), PER_MINUTE + 1)
    monkeypatch.setattr("time.time", lambda: 1_800_000_060.0)
    assert system.http("GET", UNKNOWN_JOB).status == 404


def test_uploads_show_the_count_of_the_account_that_counts_them(system):
    body = {"name": "a.png", "content_type": "image/png", "size": 9}
    begun = system.http("POST", "/v1/media/uploads", body)
    assert begun.status == 201
    assert begun.headers["ratelimit"].startswith('"requests";r=599;t=')
    assert system.submit().headers["ratelimit"].startswith('"requests";r=598;t=')


def test_a_refused_submit_shows_the_count_of_the_account_when_that_judged_it(system):
    refused = system.submit(model="unknown-to-the-catalogue", n=1000)
    assert refused.status == 400
    poor = AdminServices(AdminSettings.from_environment())
    poor.create_workspace("poor", 0, Limits(requests_per_minute=7), "free")
    key = poor.key_service.create("poor", scopes={"generate"})[0]
    short = system.http("POST", "/v1/jobs", {"prompt": "x"}, key=key)
    assert short.status == 402
    assert short.headers["ratelimit-policy"] == '"requests";q=7;w=60'


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("not:an:address", "not:an:address", True),
    ],
)
def test_an_ipv6_network_of_one_customer_is_one_client(address, other, same):
    assert (client_of(address) == client_of(other)) is same
