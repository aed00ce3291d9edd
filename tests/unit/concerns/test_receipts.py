"""Codes, purely: what is written, what is checked, what cannot be made without the key."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from community_api.community.concerns import receipts
from community_api.core.ids import ALPHABET
from tests.support.factories import key_ring

KEYS = key_ring()


def test_ten_thousand_codes_are_all_different():
    assert len({receipts.issue(KEYS) for _ in range(10_000)}) == 10_000


def test_the_random_part_uses_every_character():
    assert {letter for _ in range(200) for letter in receipts.issue(KEYS)[:26]} == set(ALPHABET)


@given(st.integers(0, 31), st.sampled_from(ALPHABET))
def test_no_code_with_one_other_character_is_ours(place: int, letter: str):
    code = receipts.issue(KEYS)
    changed = code[:place] + letter + code[place + 1 :]
    assert receipts.is_ours(KEYS, changed) == (changed == code)


@given(st.text(ALPHABET, min_size=26, max_size=26), st.text(ALPHABET, min_size=5, max_size=5))
def test_a_made_up_code_with_a_right_check_is_not_ours(random: str, mac: str):
    body = random + mac
    assert not receipts.is_ours(KEYS, body + receipts.luhn(body))


@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text: str):
    assert not receipts.is_ours(KEYS, receipts.normalised(text))


@given(st.text(ALPHABET, min_size=31, max_size=31), st.integers(0, 30), st.sampled_from(ALPHABET))
def test_the_check_notices_every_wrong_character(body: str, place: int, letter: str):
    changed = body[:place] + letter + body[place + 1 :]
    assert (receipts.luhn(changed) == receipts.luhn(body)) == (changed == body)


@given(st.text(ALPHABET, min_size=31, max_size=31), st.integers(0, 29))
def test_the_check_notices_neighbours_that_changed_places(body: str, place: int):
    one, other = body[place], body[place + 1]
    changed = body[:place] + other + one + body[place + 2 :]
    # Luhn's one blind pair: the first and the last character of the alphabet.
    if one != other and {one, other} != {ALPHABET[0], ALPHABET[-1]}:
        assert receipts.luhn(changed) != receipts.luhn(body)


def test_a_code_to_read_out_is_one_of_ours_and_the_same_again():
    command_id = uuid4()
    code = receipts.read_out(KEYS, command_id)
    assert receipts.is_ours(KEYS, code)
    assert receipts.read_out(KEYS, command_id) == code
    assert receipts.read_out(KEYS, uuid4()) != code


def test_what_finds_a_concern_tells_neither_its_code_nor_who_sends_by_it():
    code = receipts.issue(KEYS)
    lookup = receipts.lookup_of(KEYS, code)
    assert len(lookup) == 32
    assert receipts.maker_of(KEYS, code).bytes != lookup[:16]
    assert code.encode() not in lookup
