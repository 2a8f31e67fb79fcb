"""What the commands' arguments may be; wrong ones are told before anything is begun."""

import math
import socket
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Final

from simulator.saying import here
from station.saying import Said, as_said, of_system, said_by, say

MOST_PORT: Final = 65535


def count(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(here(say("{text}; wanted is a whole number from 1", text=text)))
    return int(text)


def seconds(text: str) -> float:
    """A stretch of time above 0."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise ArgumentTypeError(here(say("{text}; wanted are seconds, above 0", text=text)))
    return found


def address(text: str) -> tuple[str, int]:
    """A broker's host and port."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise ArgumentTypeError(here(say("{text!r}; wanted is HOST:PORT, as 127.0.0.1:1883", text=text)))
    return host, int(port)


def file_to_write(text: str) -> Path:
    """A file that can be written; it is made where there is none, for nobody wants to learn it at the end."""
    path = Path(text)
    try:
        path.open("a").close()
    except OSError as exc:
        raise ArgumentTypeError(here(of_system(exc))) from exc
    return path


def new_folder(text: str) -> Path:
    """A folder, made where there is none."""
    path = Path(text)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise ArgumentTypeError(
            here(
                say(
                    "{path} is no folder, and none can be made there: {why}", path=path, why=as_said(exc.strerror or "")
                )
            )
        ) from exc
    return path


def why_unread(exc: Exception) -> Said:
    """Why a file could not be read, or is none of its kind, without a number of the system's."""
    if isinstance(exc, OSError):
        return say("it cannot be read: {why}", why=as_said(exc.strerror or str(exc)))
    if isinstance(exc, UnicodeDecodeError):
        return say("it is no UTF-8 text")
    return as_said(said_by(exc))


def free_port_number(text: str) -> int:
    """A port of this machine that nobody listens on; told before anything is made."""
    if not text.isdecimal() or int(text) > MOST_PORT:
        raise ArgumentTypeError(here(say("{text!r}; wanted is a port, 1 to {most}", text=text, most=MOST_PORT)))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as exc:
            raise ArgumentTypeError(
                here(
                    say(
                        "port {port} cannot be had: {why}; wanted is another, or none",
                        port=text,
                        why=as_said(exc.strerror or ""),
                    )
                )
            ) from exc
    return int(text)
