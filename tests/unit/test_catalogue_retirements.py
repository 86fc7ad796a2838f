import copy
from datetime import UTC, date, datetime, timedelta

import pytest

from darkroom.bootstrap import catalogue as check
from darkroom.bootstrap.catalogue import whole_catalogue
from darkroom.domain.catalogue_file import parse_catalogue
from darkroom.domain.catalogue_retirements import retirements
from tests.unit.test_catalogue import PLAIN

TODAY = date(2026, 11, 28)
LAST_DAY = date(2026, 12, 1)


def with_routes(*untils):
    """A model with a route for each of these, None for one without an end."""
    data = copy.deepcopy(PLAIN)
    data["models"]["plain"]["routes"] = [
        {"provider": "openai", "model": f"route-{place}"} | ({"until": until} if until else {})
        for place, until in enumerate(untils)
    ]
    return parse_catalogue(data)


def without_follower(catalogue, today, within_days=30):
    return [
        f"{ending.model}: {ending.route.provider} `{ending.route.model}` ends on {ending.until}"
        for ending in retirements(catalogue, today, within_days=within_days)
        if ending.successor is None
    ]


def test_no_model_loses_its_last_route_within_thirty_days():
    """Turns red by itself when the day comes near: it is the catalogue that is to change then."""
    today = datetime.now(UTC).date()
    assert not without_follower(whole_catalogue(), today), (
        "These routes end within 30 days, and no other route of their model lives on. For each, in"
        " functions/darkroom/catalogue.toml: look up the successor that the provider names, and"
        " add a route to it below this one (instead = …, usd = …); or correct `until`, if the"
        " provider has moved the day; or, if nothing makes the model any more, put"
        " `unavailable = …` in place of its routes. Then run `make docs`."
    )


@pytest.mark.parametrize(
    ("today", "is_near"),
    [
        (LAST_DAY - timedelta(days=30), False),
        (LAST_DAY - timedelta(days=29), True),
        (LAST_DAY, True),
        (LAST_DAY + timedelta(days=300), True),
    ],
)
def test_an_end_is_near_when_it_is_less_than_thirty_days_away_or_past(today, is_near):
    assert bool(without_follower(with_routes(LAST_DAY), today)) == is_near


@pytest.mark.parametrize("others", [(None,), (date(2027, 1, 1),), (LAST_DAY, None)])
def test_a_route_that_lives_on_is_enough(others):
    assert without_follower(with_routes(LAST_DAY, *others), TODAY) == []
    assert without_follower(with_routes(*reversed(others), LAST_DAY), TODAY) == []


def test_what_ends_in_the_same_month_follows_nothing():
    both = without_follower(with_routes(LAST_DAY, date(2026, 12, 20)), TODAY)
    assert both == [
        "plain: openai `route-0` ends on 2026-12-01",
        "plain: openai `route-1` ends on 2026-12-20",
    ]


def test_the_follower_is_the_next_route_that_is_asked():
    first, second = retirements(with_routes(None, LAST_DAY, LAST_DAY, None), TODAY, within_days=90)
    assert (first.successor.model, second.successor.model) == ("route-3", "route-3")


def test_make_check_prints_what_ends_within_ninety_days():
    lines = check.ending_table(with_routes(LAST_DAY, date(2027, 2, 25), date(2027, 2, 26)), TODAY)
    assert [line.split() for line in lines] == [
        ["Routes", "that", "end", "within", "90", "days:"],
        ["2026-12-01", "plain", "openai", "route-0", "→", "openai", "route-2"],
        ["2027-02-25", "plain", "openai", "route-1", "→", "openai", "route-2"],
    ]
    assert check.ending_table(with_routes(LAST_DAY), TODAY)[1].endswith("→ nothing")
    assert check.ending_table(with_routes(None), TODAY) == []


def asked(today, *providers):
    """The routes that a deployment with these keys has on that day, by model."""
    catalogue = whole_catalogue().reachable_by(providers, today, with_stand_ins=False)
    return {name: model.routes for name, model in catalogue.models.items()}


def test_from_the_first_of_december_nobody_is_asked_for_what_openai_has_ended():
    ended = {"gpt-image-1-mini", "gpt-image-1.5", "openai/gpt-image-1.5"}
    passed_on = {"openai", "replicate"}
    before, after = (
        {route.model for routes in asked(day, *passed_on).values() for route in routes}
        for day in (date(2026, 11, 30), LAST_DAY)
    )
    assert ended <= before
    assert not ended & after


@pytest.mark.parametrize(
    ("provider", "model", "successor"),
    [
        ("openai", "gpt-image-1", "gpt-image-2.6-flare"),
        ("openai", "gpt-image-1.5", "gpt-image-2.6-flare"),
        ("openai", "gpt-image-1-mini", "gpt-image-2.5-flare"),
        # Who has a key of another provider loses no model either.
        ("replicate", "gpt-image-1.5", "openai/gpt-image-2"),
        ("azure", "gpt-image-1.5", "gpt-image-2"),
        ("azure", "gpt-image-1-mini", "gpt-image-2.5-flare"),
        ("vertex", "nano-banana", "gemini-nano-banana-2.1"),
        ("vertex", "nano-banana-2", "gemini-nano-banana-2.1"),
        ("gemini", "imagen-4", "gemini-nano-banana-2.1"),
        ("vertex", "imagen-4-fast", "gemini-nano-banana-2.1"),
    ],
)
def test_a_retired_model_is_made_by_a_later_one(provider, model, successor):
    first, *_ = asked(date(2027, 6, 1), provider)[model]
    assert first.model == successor
    assert first.instead in successor
