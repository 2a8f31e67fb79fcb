"""A kiosk that is told a code gets what a stick would have held, once; whoever has no code gets nothing."""

from __future__ import annotations

import tomllib
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import update
from sqlmodel import select

from hub.accounts.access_log import read_access
from hub.certificates.authority import name_of, new_key
from hub.certificates.cabinet import CertificateError
from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.chinese import SENTENCES as CHINESE
from hub.database.claim_table import KioskClaim
from hub.database.transactions import reading, writing
from hub.fleet.claim_codes import DIGITS, LASTS, MOST_FROM_ONE, MOST_WRONG, read_claims
from hub.fleet.claiming import AGAIN, SENTENCES, Claimed, ClaimRefused, ClaimTrouble
from hub.fleet.preparing import PrepareError
from hub.saying import tell
from tests.hub.fleet.claim_desk import KIOSK, ClaimDesk, a_request, not_the, request_by
from tests.hub.pages.board_source import ZONE

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> ClaimDesk:
    return ClaimDesk(engine, tmp_path / "data")


def refused(answer: Claimed | ClaimRefused) -> ClaimTrouble:
    assert isinstance(answer, ClaimRefused)
    return answer.why


def certificate_in(answer: Claimed | ClaimRefused) -> x509.Certificate:
    assert isinstance(answer, Claimed)
    return x509.load_pem_x509_certificate(answer.files["identity/kiosk.crt"].encode())


def test_with_the_code_a_kiosk_gets_what_a_stick_would_hold_but_for_its_key(desk: ClaimDesk) -> None:
    made, key = desk.make(), new_key()

    answer = desk.take(made.code, request_by(key))

    certificate = certificate_in(answer)
    assert (name_of(certificate), certificate.public_key()) == (KIOSK, key.public_key())
    certificate.verify_directly_issued_by(desk.cabinet.authority().certificate)
    assert isinstance(answer, Claimed)
    assert sorted(answer.files) == ["identity/ca.crt", "identity/kiosk.crt", "identity/site.key", "kiosk.toml"]
    assert answer.files["identity/site.key"] == (desk.folder / "site.key").read_text()
    settings = tomllib.loads(answer.files["kiosk.toml"])
    assert (settings["station"], settings["kiosk"], settings["broker"]["host"]) == ("ZG-02", KIOSK, "localhost")


def test_a_code_is_told_once_and_nowhere_kept(desk: ClaimDesk) -> None:
    made = desk.make()

    with reading(desk.engine) as connection:
        (row,) = connection.execute(select(KioskClaim))
        logged = [(line.by, line.what, line.subject) for line in read_access(connection, 9)]
    assert made.code not in f"{row} {logged} {made!r}"
    assert logged == [("sun", "claim_made", KIOSK)]
    assert (len(made.code), made.until - desk.clock.now() > LASTS - timedelta(minutes=1)) == (8, True)


def test_a_code_is_good_once(desk: ClaimDesk) -> None:
    made = desk.make()
    desk.take(made.code, a_request())

    assert refused(desk.take(made.code, a_request())) is ClaimTrouble.USED
    assert len(desk.cabinet.identities(KIOSK)) == 1


def test_whose_answer_was_lost_asks_again_with_the_same_key_and_gets_the_same(desk: ClaimDesk) -> None:
    made, request = desk.make(), a_request()
    first = desk.take(made.code, request)

    again = desk.take(made.code, request)
    desk.later(AGAIN + timedelta(seconds=1))

    assert again == first
    assert refused(desk.take(made.code, request)) is ClaimTrouble.USED
    assert len(desk.cabinet.identities(KIOSK)) == 1


def test_a_hub_that_lost_its_power_between_certificate_and_row_gives_that_one(desk: ClaimDesk) -> None:
    made, request = desk.make(), a_request()
    signed = desk.cabinet.sign_request(KIOSK, request, desk.clock.now())

    assert certificate_in(desk.take(made.code, request)) == signed.certificate


def test_of_five_kiosks_that_say_one_code_at_once_one_gets_it(desk: ClaimDesk) -> None:
    made, requests = desk.make(), [a_request() for _ in range(5)]

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda request: desk.take(made.code, request), requests))

    assert sum(isinstance(answer, Claimed) for answer in answers) == 1
    assert len(desk.cabinet.identities(KIOSK)) == 1


def test_a_code_of_a_week_ago_is_good_no_more(desk: ClaimDesk) -> None:
    made = desk.make()
    desk.later(LASTS)

    assert refused(desk.take(made.code, a_request())) is ClaimTrouble.OUTDATED
    assert not desk.cabinet.identities(KIOSK)


def guess(desk: ClaimDesk, code: str, address: str) -> ClaimTrouble:
    """A wrong code from there, however long one must have waited for that."""
    desk.tried_ms += 3_600_000
    return refused(desk.take(not_the(code), a_request(), address=address))


def test_five_wrong_codes_from_one_place_and_the_right_one_is_good_there_no_more(desk: ClaimDesk) -> None:
    made = desk.make()

    answers = [guess(desk, made.code, "192.0.2.9") for _ in range(MOST_FROM_ONE + 1)]

    assert answers == [ClaimTrouble.WRONG] * (MOST_FROM_ONE - 1) + [ClaimTrouble.LOCKED] * 2
    assert refused(desk.take(made.code, a_request(), address="192.0.2.9")) is ClaimTrouble.WAIT
    desk.tried_ms += 3_600_000
    assert refused(desk.take(made.code, a_request(), address="192.0.2.9")) is ClaimTrouble.LOCKED
    assert not desk.cabinet.identities(KIOSK)
    desk.tried_ms += 3_600_000
    assert isinstance(desk.take(desk.make().code, a_request(), address="192.0.2.9"), Claimed)


def test_whoever_guesses_elsewhere_neither_voids_a_code_nor_lets_its_installer_wait(desk: ClaimDesk) -> None:
    made = desk.make()
    for number in range(60):  # one network of IPv6 is one place
        desk.take(not_the(made.code), a_request(), address=f"2001:db8::{number:x}")
        desk.take(not_the(made.code), a_request(), address=f"198.51.100.{number % 3}")

    with reading(desk.engine) as connection:
        assert read_claims(connection)[KIOSK].wrong <= 4 * MOST_FROM_ONE
    assert isinstance(desk.take(made.code, a_request(), address="192.0.2.9"), Claimed)


def test_nobody_guesses_a_code_from_many_places(desk: ClaimDesk) -> None:
    made = desk.make()
    with writing(desk.engine) as connection:
        connection.execute(update(KioskClaim).values(wrong=MOST_WRONG - 1))

    assert guess(desk, made.code, "203.0.113.7") is ClaimTrouble.VOID

    assert refused(desk.take(made.code, a_request())) is ClaimTrouble.VOID
    assert MOST_WRONG / 10**DIGITS < 1e-5


def test_wrong_codes_that_come_at_once_are_counted_each(desk: ClaimDesk) -> None:
    made = desk.make()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: desk.take(not_the(made.code), a_request(), address=f"192.0.2.{n}"), range(8)))

    with reading(desk.engine) as connection:
        assert read_claims(connection)[KIOSK].wrong == 8


def test_who_tries_one_kiosk_after_the_other_waits_longer_and_longer(desk: ClaimDesk) -> None:
    waits = []
    for number in range(60):
        answer = desk.take("00000000", a_request(), kiosk=f"guessed-{number}")
        if refused(answer) is ClaimTrouble.WAIT:
            assert isinstance(answer, ClaimRefused)
            waits.append(answer.wait_s)
            desk.tried_ms += answer.wait_s * 1000

    assert waits[:3] == sorted(waits[:3])
    assert (len(waits) > 10, waits[-1] > 300) == (True, True)
    assert isinstance(desk.take(desk.make().code, a_request(), address="192.0.2.77"), Claimed)


def test_a_code_opens_no_other_kiosk_and_an_earlier_one_nothing(desk: ClaimDesk) -> None:
    first = desk.make()
    second = desk.make()

    assert refused(desk.take(second.code, a_request(), kiosk="zg-02-b")) is ClaimTrouble.WRONG
    if first.code != second.code:
        assert refused(desk.take(first.code, a_request())) is ClaimTrouble.WRONG
    assert isinstance(desk.take(second.code, a_request()), Claimed)


def test_a_kiosk_that_has_an_identity_gets_a_code_only_if_asked_and_then_loses_that_one(desk: ClaimDesk) -> None:
    desk.take(desk.make().code, a_request())
    with pytest.raises(PrepareError, match="has an identity, good until"):
        desk.make()

    made = desk.make(again=True)

    assert not desk.cabinet.good_identities(KIOSK)
    assert isinstance(desk.take(made.code, a_request()), Claimed)


def test_a_kiosk_that_was_set_up_by_a_stick_meanwhile_is_not_set_up_twice(desk: ClaimDesk) -> None:
    made = desk.make()
    desk.cabinet.issue_kiosk(KIOSK, desk.clock.now())

    assert refused(desk.take(made.code, a_request())) is ClaimTrouble.HAS_IDENTITY
    assert len(desk.cabinet.identities(KIOSK)) == 1


def test_a_revoked_kiosk_gets_nothing(desk: ClaimDesk) -> None:
    made = desk.make()
    with writing(desk.engine) as connection:
        command = asked.RevokeKiosk(KIOSK, desk.clock.now())
        assert not apply(connection, [command], by="x", at=desk.clock.now(), zone=ZONE).refusals

    assert refused(desk.take(made.code, a_request())) is ClaimTrouble.REVOKED
    with pytest.raises(PrepareError, match="is revoked"):
        desk.make()


@pytest.mark.parametrize(
    "request_", ["", "x", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"]
)
def test_what_is_no_request_uses_no_code(desk: ClaimDesk, request_: str) -> None:
    made = desk.make()

    assert refused(desk.take(made.code, request_)) is ClaimTrouble.NO_REQUEST
    assert isinstance(desk.take(made.code, a_request()), Claimed)


def test_a_request_of_another_version_of_x509_is_none(desk: ClaimDesk) -> None:
    made, sent = desk.make(), bytearray(x509.load_pem_x509_csr(a_request().encode()).public_bytes(Encoding.DER))
    sent[sent.index(b"\x02\x01\x00") + 2] = 9  # the only one there is, version 1, is spelled as 0
    request = f"-----BEGIN CERTIFICATE REQUEST-----\n{b64encode(sent).decode()}\n-----END CERTIFICATE REQUEST-----\n"

    assert refused(desk.take(made.code, request)) is ClaimTrouble.NO_REQUEST


def test_without_a_site_key_no_code_is_used(desk: ClaimDesk) -> None:
    made, key_file = desk.make(), desk.folder / "site.key"
    key_file.rename(desk.folder / "elsewhere")
    found = desk.take(made.code, a_request())
    (desk.folder / "elsewhere").rename(key_file)

    assert refused(found) is ClaimTrouble.NOT_READY
    assert isinstance(desk.take(made.code, a_request()), Claimed)


def test_a_hub_without_a_ca_makes_no_code(desk: ClaimDesk) -> None:
    desk.cabinet.broker_file.unlink()

    with pytest.raises(CertificateError, match="ca issue-broker"):
        desk.make()
    with reading(desk.engine) as connection:
        assert read_claims(connection) == {}


def test_how_a_code_stands_is_known(desk: ClaimDesk) -> None:
    made, now = desk.make(), desk.clock.now()
    with reading(desk.engine) as connection:
        waiting = read_claims(connection)[KIOSK]
    desk.take(made.code, a_request())
    with reading(desk.engine) as connection:
        used = read_claims(connection)[KIOSK]

    assert (waiting.by, waiting.is_waiting(now), waiting.is_waiting(made.until)) == ("sun", True, False)
    assert (used.is_waiting(now), used.used_at is not None) == (False, True)


def test_each_refusal_is_a_sentence_in_both_languages() -> None:
    for trouble in ClaimTrouble:
        said = ClaimRefused(trouble, 7).said
        assert tell(said, is_chinese=True) != said
    assert set(SENTENCES.values()) <= CHINESE.keys()
