"""Property tests: the same cases in `make test`, new ones in `make explore`, by a seed."""

from hypothesis import settings

from tests.running import ROOT


def test_tests_draw_the_same_cases_each_time():
    assert settings().derandomize
    assert settings().deadline is None


def test_exploring_draws_anew_and_more():
    profile = settings.get_profile("explore")
    assert not profile.derandomize
    assert profile.max_examples > settings().max_examples


def test_exploring_prints_the_seed_and_takes_it():
    recipe = (ROOT / "Makefile").read_text().partition("\nexplore:")[2].partition("\n\n")[0]
    assert "SEED" in recipe
    assert 'echo "SEED=$$seed"' in recipe
    assert "--hypothesis-seed=$$seed" in recipe
    assert "--hypothesis-profile=explore" in recipe
