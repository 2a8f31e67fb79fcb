"""The ACR122U on USB: a PN532 behind a controller that tunnels its commands, through nfcpy's driver.

Opened once. A proper good-bye (nfcpy's own `close`) powers the chip down, and many of these readers answer nothing
after it until they are replugged (nfcpy issues 154, 192, 231, 239): so `close` only lets go of the plug. The reader's
own beep is switched off: on a kiosk a beep means recorded.
"""

import errno
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple, Protocol

from nfc.clf import acr122, pn532

from devices.card import ISO14443A, Card, kind_of
from devices.errors import ReaderLostError, ReaderUnusableError
from devices.pacing import Pacing

# nfcpy logs frames, which hold card numbers.
logging.getLogger("nfc").setLevel(logging.CRITICAL)

TRIES: Final = 3
_MAKER: Final = 0x072F
_PRODUCT: Final = 0x2200
_NO_OWN_BEEP: Final = bytearray.fromhex("FF00520000")  # ACR122U API 2.04, 6.7
_FIELD_OFF: Final = b"\x02"
_FAULTS: Final = (OSError, IndexError, pn532.Chipset.Error)  # what nfcpy raises of a bad answer


class Transport(Protocol):
    """What nfcpy's driver wants of a USB plug."""

    manufacturer_name: str | None
    product_name: str | None

    def write(self, frame: bytes, timeout: int = 0) -> None:
        """Send a frame."""

    def read(self, timeout: int = 0) -> bytes | None:
        """Wait for one, in milliseconds."""

    def close(self) -> None:
        """Let go of the plug."""


class Plugged(NamedTuple):
    """One such reader on the bus."""

    port: str
    bus: int
    address: int


def open_reader(address: str, name: str) -> "Acr122uReader":
    """Open the reader at `usb`, or at `usb:PORT` where there are several (see `catalogue.open_reader`)."""
    transport = _open_usb(address.partition(":")[2], name)
    try:
        return Acr122uReader(transport, name)
    except BaseException:
        transport.close()
        raise


class Acr122uReader:
    """A `CardReader` over one ACR122U. The transport is its own from now on."""

    def __init__(
        self,
        transport: Transport,
        name: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.name = name
        self._transport = transport
        self._lost: ReaderLostError | None = None
        self._pacing = Pacing(monotonic, sleep)
        try:
            self._chipset = acr122.Chipset(transport)
            acr122.Device(self._chipset)  # sets the chip up, and is not needed again
            with suppress(OSError):  # a firmware without it does not beep
                self._chipset.ccid_xfr_block(_NO_OWN_BEEP)
        except (*_FAULTS, ValueError) as exc:  # ValueError: of a version that nfcpy cannot read
            raise self._loss(exc) from exc

    def poll(self, timeout_s: float) -> Card | None:
        """As `CardReader.poll`; with less than `PACE_S` it looks once."""
        if self._lost is not None:
            raise self._lost
        return self._pacing.until_seen(self._look, timeout_s)

    def close(self) -> None:
        """Let go of the plug, and leave the chip as it is."""
        self._lost = self._lost or ReaderLostError(f"{self.name} was closed", is_there=True)
        self._transport.close()

    def _look(self) -> Card | None:
        for _ in range(TRIES):
            try:
                return self._sense()
            except _FAULTS as exc:
                loss = self._loss(exc)
                if not loss.is_there:
                    break
        self._lost = loss
        raise loss

    def _sense(self) -> Card | None:
        try:
            answer = self._chipset.in_list_passive_target(1, 0, b"")
        finally:
            # Off between looks: a card already found does not answer a second search, and a phone changes its number.
            self._chipset.rf_configuration(0x01, _FIELD_OFF)
        return None if answer is None else _card_of(answer)

    def _loss(self, exc: Exception) -> ReaderLostError:
        if getattr(exc, "errno", None) == errno.ENODEV:
            return ReaderLostError(f"{self.name} was pulled out", is_there=False)
        return ReaderLostError(f"{self.name} does not answer; pull it out and plug it in again", is_there=True)


def _card_of(answer: bytes) -> Card:
    """The card in InListPassiveTarget's answer: SENS_RES, SEL_RES, length, number (UM0701-02, 7.3.5)."""
    sak, length = answer[2], answer[3]
    try:
        return Card(ISO14443A, bytes(answer[4 : 4 + length]), kind_of(sak))
    except ValueError as exc:
        raise OSError(errno.EIO, str(exc)) from exc


def choose(plugged: list[Plugged], port: str, name: str) -> Plugged:
    """The reader at that port; where none is named, the only one there is.

    Raises:
        ReaderLostError: it is not there.
        ReaderUnusableError: there are several.
    """
    found = [each for each in plugged if port in ("", each.port)]
    if not found:
        raise ReaderLostError(f"{name}: no ACR122U is plugged in {'at ' + port if port else 'here'}", is_there=False)
    if len(found) > 1:
        wanted = " or ".join(f"acr122u:usb:{each.port}" for each in found)
        raise ReaderUnusableError(f"{name}: {len(found)} of them are plugged in; wanted is {wanted}")
    return found[0]


def _open_usb(port: str, name: str) -> Transport:
    try:
        return _open_plugged(choose(_plugged(), port, name))
    except FileNotFoundError as exc:
        raise ReaderUnusableError(f"{name}: libusb is not installed; wanted is: apt install libusb-1.0-0") from exc
    except OSError as exc:
        raise _refusal(name, exc) from exc


def _plugged() -> list[Plugged]:
    import usb1  # noqa: PLC0415 -- without libusb on the machine this may fail, and that is a finding

    try:
        with usb1.USBContext() as context:
            return [_plug_of(device) for device in context.getDeviceList(skip_on_error=True) if _is_one(device)]
    except usb1.USBError as exc:
        raise OSError(errno.EIO, str(exc)) from exc


def _is_one(device: Any) -> bool:
    return (device.getVendorID(), device.getProductID()) == (_MAKER, _PRODUCT)


def _plug_of(device: Any) -> Plugged:
    bus = device.getBusNumber()
    return Plugged(f"{bus}-{'.'.join(map(str, device.getPortNumberList()))}", bus, device.getDeviceAddress())


def _open_plugged(plugged: Plugged) -> Transport:
    import usb1  # noqa: PLC0415 -- as above
    from nfc.clf import transport  # noqa: PLC0415 -- as above

    try:
        opened: Transport = transport.USB(plugged.bus, plugged.address)
    except usb1.USBError as exc:  # nfcpy translates some of them
        raise OSError(errno.EIO, str(exc)) from exc
    return opened


def _refusal(name: str, exc: OSError) -> ReaderLostError | ReaderUnusableError:
    if exc.errno == errno.EBUSY:
        return ReaderUnusableError(
            f"{name} is held by another program; wanted is no pcscd, and no kernel driver pn533_usb, on a kiosk"
        )
    if exc.errno == errno.EACCES:
        return ReaderUnusableError(f"{name} may not be opened by this user; a udev rule gives it its group")
    return ReaderLostError(f"{name} is not there", is_there=False)
