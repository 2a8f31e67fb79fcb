"""The log that a kiosk keeps and sends: small, and without anything that could be somebody's."""

import logging

import pytest

from edge.agent_log import FILE, HALF_BYTES, MOST_BYTES, keep_log, read_log
from tests.edge.rig import token


@pytest.fixture
def log(tmp_path):
    end = keep_log(tmp_path)
    yield logging.getLogger("edge.test")
    end()


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        (f"token {token(1)} again", "token <32 digits> again"),
        ("number 04:A1:B2:C3 left", "number <11 digits> left"),
        ("number 04 a1 b2 c3 d4 e5 f6", "number <20 digits>"),
        ("13900000000", "<11 digits>"),
        ("linked to the broker at 192.0.2.7:8883", "linked to the broker at 192.0.2.7:8883"),
        ("2026-03-05 09:00:01,123 INFO decade", "2026-03-05 09:00:01,123 INFO decade"),
    ],
)
def test_what_looks_like_a_number_of_somebodys_is_masked(tmp_path, said, sent):
    (tmp_path / FILE).write_text(f"{said}\n", encoding="utf-8")

    assert read_log(tmp_path) == f"{sent}\n"


def test_what_is_logged_is_kept_and_stays_within_bounds(tmp_path, log):
    for number in range(3000):
        log.warning("line %d of a reader that comes and goes", number)

    text = read_log(tmp_path)
    assert "line 2999 " in text
    assert len(text.encode()) <= MOST_BYTES
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 2 * HALF_BYTES


def test_bytes_that_are_no_text_and_no_file_at_all_are_sent_as_what_they_are(tmp_path):
    assert not read_log(tmp_path)
    (tmp_path / FILE).write_bytes(b"ok\n\xff\xfe\0\n")

    assert read_log(tmp_path).startswith("ok\n")


def test_a_disk_that_takes_nothing_costs_the_log_and_nothing_else(tmp_path, capsys):
    end = keep_log(tmp_path / "gone")
    logging.getLogger("edge.test").warning("said all the same")
    end()

    assert not capsys.readouterr().err.count("Traceback")
