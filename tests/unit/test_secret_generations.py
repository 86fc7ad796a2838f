"""How the generations of a secret are kept, and read again."""

from datetime import UTC, datetime

import pytest

from darkroom.domain.secrets import Generation, Generations, read_generations, written

LATER = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize("text", ["plain", "{", "{generations", '{"a": 1}', "[", '"'])
def test_a_secret_that_was_never_replaced_may_begin_with_any_character(text):
    generations = read_generations(text)
    assert [(one.number, one.text) for one in generations.all] == [(1, text)]


def test_what_was_written_is_read_again():
    kept = Generations(
        (
            Generation(number=2, text="{new", signs_from=LATER),
            Generation(number=1, text="old", signs_from=LATER),
        )
    )
    assert read_generations(written(kept)) == kept
