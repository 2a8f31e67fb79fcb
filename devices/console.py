"""The kiosk's answers as lines of text: one line an outcome, until a lamp and a buzzer are wired.

`[arrived] 王*芳 上岗 08:02 | 辛苦了`: the word in brackets is `Cue.word`, for grep and for who reads no Chinese. The
line says all of it, so a Chinese terminal needs no second word.
"""

from typing import TextIO

from devices.errors import AnnunciatorLostError
from devices.signals import Lines, Signal


class ConsoleAnnunciator:
    """Writes each answer to a stream, which stays the caller's to close; the signal's word before it, or not."""

    def __init__(self, stream: TextIO, *, is_worded: bool = True) -> None:
        self._stream, self._is_worded = stream, is_worded

    def show(self, signal: Signal, lines: Lines) -> None:
        """Write one line, whatever the lines hold.

        Raises:
            AnnunciatorLostError: nobody reads the stream any more, or the disk behind it takes nothing.
        """
        line = f"[{signal.value.word}] {lines}\n" if self._is_worded else f"{lines}\n"
        coding = getattr(self._stream, "encoding", None) or "utf-8"  # of a terminal in the C locale: ASCII
        try:
            self._stream.write(line.encode(coding, "replace").decode(coding))
            self._stream.flush()
        except OSError as exc:
            raise AnnunciatorLostError(f"the console takes no line: {exc.strerror or type(exc).__name__}") from exc
        except ValueError as exc:
            raise AnnunciatorLostError("the console is closed") from exc

    def close(self) -> None:
        """Nothing to go dark."""
