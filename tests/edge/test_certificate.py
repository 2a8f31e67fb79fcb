"""Whose a certificate is, and until when: as `cryptography` made it."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.certificate import BUILT_AT, known_past, read_certificate
from edge.errors import KeyFileError
from station.lifetimes import OF_KIOSK
from tests.edge.site_ca import SiteCa


@pytest.fixture
def ca(tmp_path):
    return SiteCa(tmp_path / "ca")


@pytest.mark.parametrize("ends", [datetime(2049, 11, 28, 1, 2, 3, tzinfo=UTC), datetime(2051, 1, 1, tzinfo=UTC)])
def test_its_name_and_end_are_read(ca, ends):
    found = read_certificate(ca.kiosk("sq01-a", ends=ends).certificate)

    assert (found.name, found.ends_at) == ("sq01-a", ends)


def test_what_is_none_or_cut_off_is_said_to_be(ca, tmp_path):
    whole = ca.kiosk("sq01-a", ends=datetime.now(UTC) + timedelta(days=1)).certificate.read_text()
    path = tmp_path / "x.crt"
    for content in ("", "x", whole.replace("-----END", "-----END X"), whole[:100] + whole[-30:]):
        path.write_text(content)
        with pytest.raises(KeyFileError, match="no certificate"):
            read_certificate(path)


def test_what_lies_behind_is_told_by_its_end_unless_it_is_older_than_the_program(ca, tmp_path):
    signed_at = datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC)
    day = timedelta(days=1)
    made = ca.kiosk("sq01-a", ends=signed_at + OF_KIOSK).certificate
    other = ca.kiosk("sq02-a", ends=BUILT_AT + day).certificate

    assert known_past(made) == signed_at - day
    assert {known_past(path) for path in (other, tmp_path / "none", None)} == {BUILT_AT}
