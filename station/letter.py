"""A letter: text that a kiosk signed by its own key, to be carried by hand; whoever knows its CA can verify it.

The first line says what it is, with the signature; the second is the certificate. What is signed begins with the same
words, so that no letter can pass for one of another kind. Signing and verifying are given: here are no keys.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from station.saying import say


class LetterError(ValueError):
    """The file is no such letter; the text says what it is."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What it holds, not verified yet.

    Attributes:
        certificate: the writer's, PEM.
        signature: ECDSA with SHA-256, DER.
        signed: the bytes that it is of.
        body: what it says.
    """

    certificate: bytes
    signature: bytes
    signed: bytes
    body: bytes


def write_letter(kind: str, certificate: bytes, body: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """The file's content."""
    rest = base64.b64encode(certificate) + b"\n" + body
    signature = base64.b64encode(sign(_signed(kind, rest)))
    return kind.encode() + b" " + signature + b"\n" + rest


def read_letter(kind: str, content: bytes) -> Letter:
    """Take it apart.

    Raises:
        LetterError: it is of no such kind.
    """
    head, _, rest = content.partition(b"\n")
    name, _, signature = head.rpartition(b" ")
    certificate, _, body = rest.partition(b"\n")
    if name != kind.encode():
        raise LetterError(say("no letter of the kind {kind!r}", kind=kind))
    try:
        return Letter(
            base64.b64decode(certificate, validate=True), base64.b64decode(signature, validate=True),
            _signed(kind, rest), body,
        )  # fmt: skip
    except binascii.Error as exc:
        raise LetterError("cut off, or changed on the way") from exc


def _signed(kind: str, rest: bytes) -> bytes:
    return kind.encode() + b"\n" + rest
