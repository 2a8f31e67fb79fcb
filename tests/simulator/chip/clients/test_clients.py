"""Programs that others wrote, on the emulated chip. What each is to see, written down before it was run:

| client | what lies there | what it sees |
|---|---|---|
| nfc-list (libnfc) | nothing | opens the reader, names no target |
| | NTAG213 | ATQA 00 44, UID 04 a1 b2 c3 d4 e5 80, SAK 00 |
| | MIFARE Classic, 7 bytes | ATQA 00 44, its UID, SAK 08 |
| | phone | UID of 4 bytes that begins with 08, SAK 20, and its ATS 78 80 70 02 |
| | NTAG213 beside a Classic | 2 targets |
| nfc-poll | NTAG213, taken after a while | waits for it, then for its going |
| nfc-anticol | NTAG213 | raw: 44 00, two levels with a cascade tag, SAK 00 |
| | Classic | raw: 04 00, one level, SAK 08 |
| nfc-mfclassic r | Classic with the transport key | 64 of 64 blocks, the first begins with the number |
| | Classic without a key | "authentication failed", nothing read |
| nfc-mfclassic w | Classic with the transport key | "60 of 64 blocks"; what it wrote is read again |
| nfc-mfultralight r | NTAG213 | 45 of 45 pages, text and configuration |
| pn532pi, Adafruit | nothing | waits as long as it wants to, and gives up |
| | NTAG213 | firmware 1.6, the number, pages read and written |
| | Classic with the transport key | a wrong key is refused, the right one reads and writes |
| | phone (pn532pi) | an APDU is answered 6A 82 |

After each the chip still answers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from devices.catalogue import open_reader
from simulator.chip.cards import MifareClassic, Ntag213, Phone
from simulator.chip.pn532 import Pn532Chip
from simulator.chip.pty import PtyPort
from tests.patience import eventually

NUMBER = bytes.fromhex("04A1B2C3D4E580")
CLASSIC = bytes.fromhex("A1B2C3D4")
TRANSPORT_KEY = bytes.fromhex("FFFFFFFFFFFF")
WITHIN_S = 60.0
HERE = Path(__file__).parent


@pytest.fixture
def chip():
    return Pn532Chip()


@pytest.fixture
def port(chip):
    with closing(PtyPort(chip)) as port:
        yield port
        chip.put(Ntag213(NUMBER))
        with closing(open_reader(f"pn532:{port.path}")) as reader:
            assert reader.poll(WITHIN_S) is not None


def libnfc(port: PtyPort, program: str, *arguments: str | Path) -> str:
    """What one of libnfc's programs says, without the blanks between bytes."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed (Debian: libnfc-bin, libnfc-examples)")
    environ = {**os.environ, "LIBNFC_DEVICE": f"pn532_uart:{port.path}"}
    said = subprocess.run(
        [program, *arguments], env=environ, capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    assert said.returncode == 0, said
    return " ".join(said.stdout.split()) + said.stderr


def test_nfc_list_opens_the_reader_and_names_no_target(port):
    said = libnfc(port, "nfc-list")

    assert "NFC device: user defined device opened" in said
    assert "target" not in said


@pytest.mark.parametrize(
    ("card", "wanted"),
    [
        (Ntag213(NUMBER), ["(SENS_RES): 00 44", "(NFCID1): 04 a1 b2 c3 d4 e5 80", "(SEL_RES): 00"]),
        (MifareClassic(NUMBER), ["(SENS_RES): 00 44", "(NFCID1): 04 a1 b2 c3 d4 e5 80", "(SEL_RES): 08"]),
        (Phone(Random(1)), ["(SENS_RES): 00 04", "(NFCID3): 08 ", "(SEL_RES): 20", "ATS: 78 80 70 02"]),
    ],
    ids=["ntag213", "classic", "phone"],
)
def test_nfc_list_names_the_card(chip, port, card, wanted):
    chip.put(card)

    said = libnfc(port, "nfc-list")

    assert "1 ISO14443A passive target(s) found" in said
    assert [part for part in wanted if part not in said] == []


def test_nfc_list_finds_two_cards_in_one_field(chip, port):
    chip.put(Ntag213(NUMBER), MifareClassic(CLASSIC))

    said = libnfc(port, "nfc-list")

    assert "2 ISO14443A passive target(s) found" in said
    assert "04 a1 b2 c3 d4 e5 80" in said
    assert "a1 b2 c3 d4 SAK" in said


def test_nfc_poll_waits_for_a_card_and_for_its_going(chip, port):
    def hold_once_it_looks() -> None:
        eventually(lambda: chip.is_searching)
        chip.put(Ntag213(NUMBER))
        eventually(lambda: not chip.is_searching)
        threading.Event().wait(0.3)  # it asks the card whether it is still there, and no sign of that is seen here
        chip.take()

    hand = threading.Thread(target=hold_once_it_looks)
    hand.start()
    said = libnfc(port, "nfc-poll")
    hand.join()

    assert "(NFCID1): 04 a1 b2 c3 d4 e5 80" in said
    assert "Waiting for card removing...done." in said


@pytest.mark.parametrize(
    ("card", "wanted"),
    [
        (Ntag213(NUMBER), ["bits: 44 00", "bits: 88 04 a1 b2 9f", "bits: 04 da 17", "bits: c3 d4 e5 80 72", "SAK: 00"]),
        (MifareClassic(CLASSIC), ["bits: 04 00", "bits: a1 b2 c3 d4 04", "bits: 08 b6 dd", "SAK: 08"]),
    ],
    ids=["ntag213", "classic"],
)
def test_nfc_anticol_takes_the_steps_itself(chip, port, card, wanted):
    chip.put(card)

    said = libnfc(port, "nfc-anticol")

    assert [part for part in wanted if part not in said] == []


def test_nfc_mfclassic_reads_and_writes_what_it_has_the_key_of(chip, port, tmp_path):
    chip.put(MifareClassic(CLASSIC, TRANSPORT_KEY))

    read = libnfc(port, "nfc-mfclassic", "r", "a", "u", tmp_path / "card.mfd")
    dump = bytearray((tmp_path / "card.mfd").read_bytes())
    dump[64:80] = b"written by other"  # of each sector, this version writes the first block alone
    (tmp_path / "new.mfd").write_bytes(dump)
    written = libnfc(port, "nfc-mfclassic", "w", "a", "u", tmp_path / "new.mfd")
    libnfc(port, "nfc-mfclassic", "r", "a", "u", tmp_path / "again.mfd")

    assert "Done, 64 of 64 blocks read" in read
    assert bytes(dump[:8]) == CLASSIC + bytes.fromhex("04080400")
    assert "Done, 60 of 64 blocks written" in written
    assert (tmp_path / "again.mfd").read_bytes()[64:80] == b"written by other"


def test_nfc_mfclassic_is_not_let_in_without_the_key(chip, port, tmp_path):
    chip.put(MifareClassic(CLASSIC))

    said = libnfc(port, "nfc-mfclassic", "r", "a", "u", tmp_path / "card.mfd")

    assert "authentication failed" in said
    assert not (tmp_path / "card.mfd").exists()


def test_nfc_mfultralight_reads_all_pages(chip, port, tmp_path):
    chip.put(Ntag213(NUMBER, text="在岗"))

    said = libnfc(port, "nfc-mfultralight", "r", tmp_path / "card.mfd")

    assert "Done, 45 of 45 pages read" in said
    dump = (tmp_path / "card.mfd").read_bytes()
    assert "在岗".encode() in dump
    assert dump[0x29 * 4 : 0x2A * 4] == bytes.fromhex("040000FF")


@pytest.mark.parametrize("library", ["pn532pi", "adafruit_pn532"])
class TestLibraries:
    """`play_*.py` beside this file: each prints what its library gave it, a line a call."""

    @staticmethod
    def play(port: PtyPort, library: str, *calls: str) -> list[str]:
        if find_spec(library) is None:
            pytest.skip(f"{library} is not installed (make setup does, from locks/clients.txt)")
        said = subprocess.run(
            [sys.executable, HERE / f"play_{library}.py", port.path, *calls],
            capture_output=True, text=True, timeout=WITHIN_S, check=False,
        )  # fmt: skip
        assert said.returncode == 0, said
        return said.stdout.splitlines()

    def test_an_empty_field_is_waited_at_and_given_up(self, port, library):
        assert self.play(port, library, "find", "firmware") == ["None", "32010607"]

    def test_an_ntag_is_read_and_written(self, chip, port, library):
        chip.put(Ntag213(NUMBER))

        said = self.play(port, library, "firmware", "find", "read 41", "write 8 61626364", "read 8")

        assert said[:2] == ["32010607", NUMBER.hex()]
        assert said[2].startswith("040000ff")
        assert said[3] == "True"
        assert said[4].startswith("61626364")

    def test_a_classic_opens_to_its_key_alone(self, chip, port, library):
        chip.put(MifareClassic(CLASSIC, TRANSPORT_KEY))

        said = self.play(
            port, library, "find", "open 4 000000000000", "find", "open 4 ffffffffffff", f"put 4 {'ab' * 16}", "get 4"
        )

        assert said == [CLASSIC.hex(), "False", CLASSIC.hex(), "True", "True", "ab" * 16]


def test_a_phone_answers_an_apdu(chip, port):
    chip.put(Phone(Random(1)))

    said = TestLibraries.play(port, "pn532pi", "find", "apdu 00a4040000")

    assert said[0].startswith("08")
    assert said[1] == "6a82"
