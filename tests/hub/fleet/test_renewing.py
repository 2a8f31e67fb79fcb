"""Whom the hub asks for a request by itself, and what it signs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine, update

from hub.asking.asked import AskedCommand, read_commands
from hub.asking.kinds import AnswerError, FoundAnswer
from hub.asking.renewing import AGAIN, LEFT, Renewing, sign
from hub.certificates.authority import name_of
from hub.certificates.cabinet import Cabinet
from hub.database.tables import Kiosk
from hub.database.transactions import reading, table_of, writing
from station.hours import SHANGHAI
from station.lifetimes import OF_KIOSK
from station.names import KioskId
from tests.hub.cities import make_city

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 5, 1, tzinfo=UTC)
KIOSKS = [KioskId(f"K-01-{number}") for number in (1, 2, 3)]


class At:
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def cabinet(tmp_path: Path) -> Cabinet:
    made = Cabinet(tmp_path / "data")
    made.make("a site", NOW)
    for kiosk in KIOSKS:
        made.issue_kiosk(kiosk, NOW)
    return made


@pytest.fixture
def city(engine: Engine) -> Engine:
    make_city(engine, kiosks_each=len(KIOSKS))
    return engine


def asked(engine: Engine) -> list[AskedCommand]:
    with reading(engine) as connection:
        return [each for kiosk in KIOSKS for each in read_commands(connection, kiosk)]


def request_of(name: str = "x", curve: ec.EllipticCurve | None = None) -> str:
    key = ec.generate_private_key(curve or ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def found(engine: Engine, cabinet: Cabinet | None, request: str) -> dict[str, str]:
    with writing(engine) as connection:
        return dict(sign(FoundAnswer(connection, KIOSKS[0], "clerk", {"request": request}, NOW, cabinet, {}, SHANGHAI)))


def test_each_is_asked_once_a_day_from_when_a_third_of_the_life_is_left(city: Engine, cabinet: Cabinet) -> None:
    clock = At()
    renewing = Renewing(city, cabinet, clock)  # type: ignore[arg-type]  # all that it is asked
    for _ in range(5):
        renewing.look()
    assert not asked(city)

    clock.at = NOW + OF_KIOSK - LEFT + timedelta(hours=1)
    for _ in range(5):
        renewing.look()
    assert sorted((each.kiosk, each.name, each.by) for each in asked(city)) == [(k, "renew", "hub") for k in KIOSKS]

    clock.at += AGAIN + timedelta(hours=1)
    for _ in range(5):
        renewing.look()
    assert len(asked(city)) == 2 * len(KIOSKS)


def test_a_revoked_or_ended_one_or_one_without_a_certificate_is_not_asked(city: Engine, tmp_path: Path) -> None:
    cabinet = Cabinet(tmp_path / "data")
    cabinet.make("a site", NOW)
    for kiosk in KIOSKS[:2]:
        cabinet.issue_kiosk(kiosk, NOW)
    with writing(city) as connection:
        table = table_of(Kiosk)
        connection.execute(update(table).where(table.c.id == KIOSKS[0]), {"revoked_ms": 1})
        connection.execute(update(table).where(table.c.id == KIOSKS[1]), {"in_service_to": NOW.date()})
    clock = At()
    clock.at = NOW + OF_KIOSK
    renewing = Renewing(city, cabinet, clock)  # type: ignore[arg-type]  # all that it is asked
    for _ in range(5):
        renewing.look()

    assert not asked(city)


def test_what_is_signed_names_the_kiosk_whatever_the_request_says(city: Engine, cabinet: Cabinet) -> None:
    told = found(city, cabinet, request_of("K-01-2"))

    assert told == {"until": "2028-03-04"}
    (sent,) = asked(city)
    certificate = x509.load_pem_x509_certificate(sent.args["certificate"].encode())
    assert (sent.kiosk, sent.name, name_of(certificate)) == (KIOSKS[0], "certificate", KIOSKS[0])
    assert certificate.serial_number in {each.serial_number for each in cabinet.good_identities(KIOSKS[0])}


@pytest.mark.parametrize("request_", ["", "x", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n", "p384", "forged"])
def test_what_is_no_sound_request_is_not_signed(city: Engine, cabinet: Cabinet, request_: str) -> None:
    if request_ == "p384":
        request_ = request_of(curve=ec.SECP384R1())
    elif request_ == "forged":
        lines = request_of().splitlines()
        lines[-2] = lines[-2][:8] + ("B" if lines[-2][8] != "B" else "C") + lines[-2][9:]
        request_ = "\n".join(lines)

    with pytest.raises(AnswerError):
        found(city, cabinet, request_)
    assert not asked(city)
    assert len(cabinet.identities(KIOSKS[0])) == 1


def test_a_revoked_kiosk_gets_none_and_without_a_ca_nobody_does(city: Engine, cabinet: Cabinet, tmp_path: Path) -> None:
    for without in (None, Cabinet(tmp_path / "none")):
        with pytest.raises(AnswerError, match="no CA"):
            found(city, without, request_of())
    with writing(city) as connection:
        connection.execute(update(table_of(Kiosk)).values(revoked_ms=1))

    with pytest.raises(AnswerError, match="revoked"):
        found(city, cabinet, request_of())
