"""What the commands' arguments may be; wrong ones are told before anything is begun."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from pathlib import Path


def count(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text}; wanted is a whole number from 1")
    return int(text)


def seconds(text: str) -> float:
    """A stretch of time above 0."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise ArgumentTypeError(f"{text}; wanted are seconds, above 0")
    return found


def address(text: str) -> tuple[str, int]:
    """A broker's host and port."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise ArgumentTypeError(f"{text!r}; wanted is HOST:PORT, as 127.0.0.1:1883")
    return host, int(port)


def file_to_write(text: str) -> Path:
    """A file that can be written; it is made where there is none, for nobody wants to learn it at the end."""
    path = Path(text)
    try:
        path.open("a").close()
    except OSError as exc:
        raise ArgumentTypeError(f"{path}: {exc.strerror}") from exc
    return path


def new_folder(text: str) -> Path:
    """A folder, made where there is none."""
    path = Path(text)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise ArgumentTypeError(f"{path} is no folder, and none can be made there: {exc.strerror}") from exc
    return path
