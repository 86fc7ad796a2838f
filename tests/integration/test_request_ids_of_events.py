"""Events that are not of a job carry the request that led to them, where one did."""

from darkroom.bootstrap.admin import AdminServices
from darkroom.settings import AdminSettings
from tests.integration.test_events import bus  # noqa: F401 - a fixture


def named(told, name):
    return [one for one in told if one["type"] == f"darkroom.{name}"]


def test_low_credits_name_the_request_that_spent_them(system, bus):  # noqa: F811
    admin = AdminServices(AdminSettings.from_environment())
    for _ in range(10):
        system.submit(model="gpt-image-1", n=10, resolution="1K")
    assert admin.accounts.get("acme").balance < admin.accounts.get("acme").low_credits
    system.relay()
    [warned] = named(bus, "credits.low")
    assert warned["requestid"] == "req-1"


def test_a_webhook_that_is_switched_off_names_the_request_of_its_last_message(
    system,
    bus,  # noqa: F811
    receiver,
):
    place = system.http("POST", "/v1/webhooks", {"url": receiver.url}).headers["location"]
    receiver.answers = [410]
    system.http("POST", f"{place}/test")
    system.deliver()
    system.relay()
    [disabled] = named(bus, "webhook.disabled")
    assert disabled["requestid"] == "req-1"
    assert system.http("PATCH", place, {"enabled": True}).json["enabled"]
