from datetime import timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.api_key import hash_key, is_well_formed, new_key
from darkroom.domain.file_links import LinkSigner
from tests.builders import NOW, number_id
from tests.fakes.world import FakeSecrets

KEY = new_key("live", lambda limit: limit // 8)
NAME = f"{number_id(1)}.webp"
SIGNER = LinkSigner({"2": b"new", "1": b"old"})


def test_a_new_key_is_well_formed_and_says_its_environment():
    assert KEY.startswith("dk_live_")
    assert is_well_formed(KEY)


@given(st.integers(0, len(KEY) - 1), st.sampled_from("0123456789abcxyzABCXYZ_"))
def test_a_key_with_one_character_changed_is_not_well_formed(position, character):
    changed = KEY[:position] + character + KEY[position + 1 :]
    assert is_well_formed(changed) == (changed == KEY)


@given(st.text())
def test_no_text_is_taken_for_a_key(text):
    assert not is_well_formed(text)
    assert not is_well_formed(f"dk_live_{text}")


def test_the_hash_depends_on_the_key_and_on_the_generation_of_the_secret():
    secrets = FakeSecrets(1, 2)
    hashes = {hash_key(key, secrets, number) for key in ("a", "b") for number in (1, 2)}
    assert len(hashes) == 4


def test_a_link_is_good_for_seven_days_and_not_for_eight():
    query = SIGNER.query(NAME, NOW)
    assert SIGNER.is_valid(NAME, **query, now=NOW + timedelta(days=7, seconds=-1))
    assert not SIGNER.is_valid(NAME, **query, now=NOW + timedelta(days=7, hours=1))


def test_two_polls_within_the_hour_give_the_same_link():
    soon = NOW + timedelta(minutes=20)
    assert SIGNER.query(NAME, NOW + timedelta(seconds=1)) == SIGNER.query(NAME, soon)


@pytest.mark.parametrize(
    "change",
    [
        {"name": f"{number_id(2)}.webp"},
        {"expires": "1"},
        {"expires": "99999999999"},
        {"kid": "1"},
        {"kid": "3"},
        {"signature": ""},
        {"signature": "ü"},
    ],
)
def test_a_link_that_was_changed_is_not_valid(change):
    given_link = {"name": NAME, **SIGNER.query(NAME, NOW), **change}
    assert not SIGNER.is_valid(**given_link, now=NOW)


def test_a_link_of_the_key_before_is_valid_until_that_key_leaves():
    old = LinkSigner({"1": b"old"}).query(NAME, NOW)
    assert SIGNER.is_valid(NAME, **old, now=NOW)
    assert not LinkSigner({"2": b"new"}).is_valid(NAME, **old, now=NOW)


def test_a_link_travels_as_plain_text():
    assert "%" not in urlencode(SIGNER.query(NAME, NOW))
