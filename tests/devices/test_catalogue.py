"""Readers by URL: what is known is opened by its driver, the rest is refused with what is wanted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from devices.catalogue import check_reader_url, open_reader
from devices.errors import ReaderUnusableError


@pytest.mark.parametrize("path", ["/dev/ttyUSB0", "/dev/pts/7", "/dev/serial/by-id/usb-Invented_Reader-if00-port0"])
def test_any_path_will_do(path):
    assert check_reader_url(f"pn532:{path}") == ("pn532", path)


@pytest.mark.parametrize(
    "url", ["udp:127.0.0.1:54321", "udp", "tty:USB0:pn532", "", "/dev/ttyUSB0", "PN532:/dev/ttyUSB0"]
)
def test_an_unknown_kind_is_refused_with_what_was_found_and_what_is_wanted(url):
    with pytest.raises(ReaderUnusableError) as caught:
        open_reader(url)

    assert repr(url) in str(caught.value)
    assert "pn532:/dev/..." in str(caught.value)


@pytest.mark.parametrize("url", ["pn532:", "pn532:ttyUSB0"])
def test_a_reader_without_a_path_is_refused(url):
    with pytest.raises(ReaderUnusableError, match="wanted is an absolute path"):
        open_reader(url)


def test_the_contract_and_the_catalogue_load_no_driver():
    program = (
        "import sys, devices.reader, devices.catalogue, devices.attended; print({'nfc', 'serial'} & set(sys.modules))"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said == "set()\n"
