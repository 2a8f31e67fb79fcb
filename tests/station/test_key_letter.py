"""A site key on its way: who it is for opens it, nobody else does, and what was touched opens nowhere."""

from hypothesis import given
from hypothesis import strategies as st

from station.key_letter import KeyLetter, read_key_letter, seal, unseal
from tests.station.messages import names

keys, secrets, ephemerals = (st.binary(min_size=n, max_size=n) for n in (32, 32, 91))


@given(keys, secrets, ephemerals, names)
def test_what_was_sealed_opens_for_whom_it_was_sealed(key, shared, ephemeral, kiosk):
    letter = read_key_letter(seal(key, shared, ephemeral, kiosk).spelled())

    assert letter is not None
    assert unseal(letter, shared, kiosk) == key


@given(keys, secrets, ephemerals, secrets)
def test_it_opens_for_nobody_else(key, shared, ephemeral, other):
    letter = seal(key, shared, ephemeral, "K-1")

    assert unseal(letter, shared, "K-2") is None
    assert other == shared or unseal(letter, other, "K-1") is None


@given(keys, secrets, ephemerals, st.integers(0, (91 + 48) * 8 - 1))
def test_one_that_was_touched_opens_nowhere(key, shared, ephemeral, place):
    sealed = seal(key, shared, ephemeral, "K-1")
    whole = bytearray(sealed.ephemeral + sealed.sealed)
    whole[place // 8] ^= 1 << place % 8

    assert unseal(KeyLetter(bytes(whole[:91]), bytes(whole[91:])), shared, "K-1") is None


@given(st.text())
def test_any_text_is_a_letter_or_none(text):
    letter = read_key_letter(text)

    assert letter is None or len(letter.sealed) == 48


def test_no_letter_shows_the_key():
    assert bytes(range(32)) not in seal(bytes(range(32)), b"s" * 32, b"e" * 91, "K-1").sealed
