"""Tokens: the published construction, and what is refused."""

import hmac
from hashlib import sha256

import pytest

from station.token import token_of

KEY = bytes(range(32))


def test_a_token_is_half_a_keyed_digest_with_the_technology_before_the_number() -> None:
    number = bytes.fromhex("04000000000001")

    token = token_of(KEY, "iso14443a", number)

    assert token == hmac.new(KEY, b"iso14443a:" + number, sha256).hexdigest()[:32]


def test_another_key_or_technology_gives_another_token() -> None:
    number = bytes.fromhex("0400000001")

    tokens = {
        token_of(KEY, "iso14443a", number),
        token_of(KEY, "em4100", number),
        token_of(KEY[::-1], "em4100", number),
    }

    assert len(tokens) == 3


@pytest.mark.parametrize(
    ("key", "technology", "number"), [(b"short", "em4100", b"1"), (KEY, "ntag213", b"1"), (KEY, "em4100", b"")]
)
def test_what_cannot_be_named_is_refused_without_telling_the_number(key, technology, number) -> None:
    with pytest.raises(ValueError, match=r"the site key|no card of"):
        token_of(key, technology, number)
