"""Readers by URL: what is known is opened by its driver, the rest is refused with what is wanted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from devices.catalogue import check_reader_url, is_serial_port, open_reader, silence_s, wanted_in_service
from devices.errors import ReaderUnusableError


@pytest.mark.parametrize("path", ["/dev/ttyUSB0", "/dev/pts/7", "/dev/serial/by-id/usb-Invented_Reader-if00-port0"])
def test_any_path_will_do(path):
    assert check_reader_url(f"pn532:{path}") == ("pn532", path)


@pytest.mark.parametrize(
    "path",
    [
        "/dev/serial/by-id/usb-Invented_Reader-if00-port0",
        "/dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0-port0",
        "/dev/serial0",
        "/dev/ttyAMA0",
        "/dev/ttyAMA10",
        "/dev/ttyS0",
        "/dev/ttyUSB12",
        "/dev/ttyACM0",
    ],
)
def test_a_serial_port_goes_by_all_its_names(path):
    assert is_serial_port(path)


@pytest.mark.parametrize(
    "path",
    [
        "/dev/pts/3",
        "/dev/serial/by-path/../../pts/3",
        "/dev/serial/by-id/..",
        "/dev/ttyUSB",
        "/dev/ttyUSB0/x",
        "/dev/ttyUSB0\n",
        "/dev/tty1",
        "/tmp/ttyUSB0",
        "/dev/serial/ttyUSB0",
    ],
)
def test_a_path_that_a_program_could_make_is_no_serial_port(path):
    assert not is_serial_port(path)


@pytest.mark.parametrize(
    "url", ["udp:127.0.0.1:54321", "udp", "tty:USB0:pn532", "", "/dev/ttyUSB0", "PN532:/dev/ttyUSB0"]
)
def test_an_unknown_kind_is_refused_with_what_was_found_and_what_is_wanted(url):
    with pytest.raises(ReaderUnusableError) as caught:
        open_reader(url)

    assert repr(url) in str(caught.value)
    assert "pn532:/dev/ttyUSB0" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "pn532:/dev/ttyUSB0",
        "em4100:/dev/serial/by-id/usb-Invented",
        "wedge:/dev/input/by-id/usb-Invented-event-kbd?digits=dec10&order=reversed",
        "wedge:/dev/input/event3?digits=dec10&prefix=62",
        "acr122u:usb",
        "acr122u:usb:1-1.2",
    ],
)
def test_the_machines_own_devices_need_no_further_word(url):
    assert wanted_in_service(url) == ""


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("em4100:/dev/pts/3", "a serial port: /dev/serial/by-id"),
        ("wedge:/dev/ttyUSB0?digits=dec10", "an input device: /dev/input/by-id"),
        ("wedge:/tmp/pipe?digits=dec10", "an input device"),
        ("wedge:/dev/input/by-id/../../pts/3?digits=dec10", "an input device"),
    ],
)
def test_any_other_path_is_a_simulators(url, wanted):
    assert wanted_in_service(url).startswith(wanted)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("wedge:/dev/input/event3", "tells no spelling; wanted is digits="),
        ("wedge:/dev/input/event3?digits=wg26", "prefix tells 0"),
        ("wedge:event3?digits=dec10", "absolute path, as wedge:/dev/input/by-id/...?digits=dec10"),
        ("acr122u:/dev/ttyUSB0", "wanted is acr122u:usb, or with several of them acr122u:usb:1-1.2"),
        ("acr122u:usb:1", "wanted is acr122u:usb"),
    ],
)
def test_a_wrong_address_is_refused_with_what_is_wanted(url, wanted):
    with pytest.raises(ReaderUnusableError) as caught:
        check_reader_url(url)

    assert repr(url) in str(caught.value)
    assert wanted in str(caught.value)


def test_only_readers_that_are_not_asked_go_by_silence():
    assert silence_s("pn532:/dev/ttyUSB0") == silence_s("acr122u:usb") == 0
    assert 0 < silence_s("em4100:/dev/ttyUSB0") < silence_s("wedge:/dev/input/event3?digits=dec10")


@pytest.mark.parametrize("url", ["pn532:", "pn532:ttyUSB0"])
def test_a_reader_without_a_path_is_refused(url):
    with pytest.raises(ReaderUnusableError, match="wanted is an absolute path"):
        open_reader(url)


def test_the_contract_and_the_catalogue_load_no_driver():
    program = "import sys, devices.reader, devices.catalogue, devices.attended; print({'nfc', 'serial', 'usb1'} & set(sys.modules))"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said == "set()\n"
