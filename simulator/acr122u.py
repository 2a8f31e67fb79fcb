"""An ACR122U at the end of a USB plug, at the seam where nfcpy's driver takes its transport: CCID frames in and out.

The controller answers for itself, and hands a tunnelled command to the PN532 behind it. As many of these readers do, it
answers nothing any more once it was powered down, until it is replugged.
"""

import errno
import os
import struct
from typing import Final

from simulator.chip.frames import ACK, FROM_HOST
from simulator.chip.pn532 import Pn532Chip

_HEAD: Final = struct.Struct("<BI5B")
_ESCAPE: Final = 0x6F
_POWER_ON: Final = 0x62
_ANSWER: Final = 0x80
_DONE: Final = b"\x90\x00"
_FAILED: Final = b"\x63\x00"
_TUNNEL: Final = bytes.fromhex("FF000000")
_VERSION: Final = bytes.fromhex("FF00480000")
_GOOD_BYE: Final = bytes.fromhex("FF00400C04")  # nfcpy's last words to it
_POWER_DOWN: Final = 0x16
_WAKE_UP: Final = bytes(10)
_SAM_NORMAL: Final = bytes.fromhex("D41401")
_PATIENCE: Final = 256  # tries of the chip that the controller waits for; more than a host sets


class CcidPort:
    """A plug with an ACR122U in it."""

    TYPE = "USB"
    manufacturer_name: str | None = "ACS"
    product_name: str | None = "ACR122U PICC Interface"

    def __init__(self, chip: Pn532Chip) -> None:
        self.is_mute = False  # the controller hangs
        self.is_closed = False
        self.said: list[bytes] = []
        self._chip = chip
        self._answers: list[bytes] = []
        self._is_out = False
        chip.power()
        chip.receive(_WAKE_UP + _framed(_SAM_NORMAL))

    def unplug(self) -> None:
        """Pull it out."""
        self._is_out = True

    def write(self, frame: bytes, timeout: int = 0) -> None:
        """Take in one CCID frame."""
        del timeout
        self._require_plug()
        self.said.append(bytes(frame))
        kind, length, *_ = _HEAD.unpack_from(frame)
        body = bytes(frame[_HEAD.size :])
        if len(body) != length or kind not in (_ESCAPE, _POWER_ON):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        answer = self._obey(body) if kind == _ESCAPE else b""
        if not self.is_mute:
            self._answers = [_HEAD.pack(_ANSWER, len(answer), 0, 0, 0, 0, 0) + answer]

    def read(self, timeout: int = 0) -> bytes | None:
        """Give the answer; one that does not come is a timeout."""
        del timeout
        self._require_plug()
        if not self._answers:
            raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        return self._answers.pop()

    def close(self) -> None:
        """The host let go of it."""
        self.is_closed = True

    def _require_plug(self) -> None:
        if self._is_out:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    def _obey(self, command: bytes) -> bytes:
        if command == _VERSION:
            return b"ACR122U203"
        if command.startswith(_GOOD_BYE):
            self.is_mute = True
        if not command.startswith(_TUNNEL):
            return _DONE
        body = command[len(_TUNNEL) + 1 :]
        if body[0] != FROM_HOST or len(body) != command[len(_TUNNEL)]:
            return _FAILED
        if body[1] == _POWER_DOWN:
            self.is_mute = True
        replies = self._chip.receive(_framed(body))
        for _ in range(_PATIENCE):
            replies += self._chip.try_again()
        answers = [reply.frame for reply in replies if reply.frame != ACK]
        return _unframed(answers[0]) + _DONE if answers else _FAILED


def _framed(body: bytes) -> bytes:
    return b"\x00\x00\xff" + bytes([len(body), -len(body) & 0xFF]) + body + bytes([-sum(body) & 0xFF, 0])


def _unframed(frame: bytes) -> bytes:
    return frame[5 : 5 + frame[3]]
