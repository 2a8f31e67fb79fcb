"""Codes of a second factor (TOTP, RFC 6238): which step of time one is of. Pure."""

import re
from typing import Final

import pyotp

STEP_S: Final = 30
_SOUND_KEY: Final = re.compile("[A-Z2-7]{32}")  # 160 bits in base32, as the page offers it


def is_sound_key(key: str) -> bool:
    """Whether it is a key as the page offers one."""
    return _SOUND_KEY.fullmatch(key) is not None


def step_of(key: str, code: str, at_ms: int, *, after: int) -> int | None:
    """Which step of time a code is of, a step late or early being allowed; None for none, or one that was used."""
    typed = "".join(code.split())
    if not key or not (typed.isascii() and typed.isdecimal()):
        return None
    otp, now = pyotp.TOTP(key), at_ms // 1000 // STEP_S
    return next((step for step in (now - 1, now, now + 1) if step > after and otp.generate_otp(step) == typed), None)
