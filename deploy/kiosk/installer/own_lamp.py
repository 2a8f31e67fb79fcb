"""The small board's own green lamp, for who has no screen: it blinks quickly where an install was refused."""

from contextlib import suppress
from pathlib import Path
from typing import Final

LAMPS: Final = Path("/sys/class/leds")
NAMES: Final = ("ACT", "led0")  # of a Raspberry Pi; the second where the kernel is older
HALF_MS: Final = 100  # five times a second: the card's own flicker is no such thing


def blink(lamps: Path = LAMPS) -> None:
    """Let it blink until the next start; nothing where there is none."""
    for name in NAMES:
        with suppress(OSError):
            if (lamps / name).is_dir():
                (lamps / name / "trigger").write_text("timer")
                for half in ("delay_on", "delay_off"):
                    (lamps / name / half).write_text(str(HALF_MS))
