"""Deeds of 设备: kiosks entered, asked, set up, replaced and revoked."""

from datetime import datetime
from typing import Final

from hub.web.api.answers import Answer
from hub.web.deeds.deed import FormDeed, FormShown, flag, maybe, text
from hub.web.kiosks.asking import ASKABLE


class ClaimAnswer(Answer):
    """A code by which a kiosk sets itself up; it is told here and nowhere else."""

    kiosk: str
    code: str
    until: datetime
    host: str
    pin: str
    command: str


def _tell_claim(shown: FormShown) -> Answer:
    made = shown["made"]
    return ClaimAnswer(
        kiosk=made.kiosk, code=made.code, until=made.until, host=made.host, pin=made.pin, command=made.command
    )


OF_KIOSKS: Final = (
    FormDeed(
        "/kiosks", "Enter a kiosk.",
        {"kiosk": text("its id"), "station": text("its station's code"), "entrance": maybe("where it stands there")},
    ),
    FormDeed(
        "/kiosks/{kiosk}/{act}", "Take a kiosk out of service.",
        {"on": maybe("from which day on; tomorrow where it is left out")}, act="retire",
    ),
    FormDeed("/kiosks/{kiosk}/{act}", "Keep a kiosk that was to go.", act="keep"),
    FormDeed("/kiosks/{kiosk}/ask/{name}", f"Ask something of a kiosk: {', '.join(ASKABLE)}."),
    FormDeed(
        "/kiosks/{kiosk}/claim", "Make a code by which a kiosk sets itself up.",
        {"again": flag("whether the certificate that it has is void from now on")}, answer=ClaimAnswer,
        tells=_tell_claim,
    ),
    FormDeed(
        "/kiosks/{kiosk}/config", "Have a kiosk try other settings.",
        {
            "settings": text("a line each, as limits.guard_s = 8.0; empty for those of its installation"),
            "was": text("the number of the settings that are wanted of it now"),
        },
    ),
    FormDeed(
        "/kiosks/{kiosk}/replace", "Put another kiosk in the place of one.",
        {"new": text("the other one's id"), "stolen": flag("whether this one was stolen: it is revoked at once")},
    ),
    FormDeed(
        "/kiosks/{kiosk}/revoke", "Believe a kiosk no more; there is no way back.",
        {"sure": flag("that it was stolen or lost")},
    ),
)  # fmt: skip
