"""An authenticator's address as a picture that a telephone's camera reads (QR, ISO/IEC 18004).

It is drawn into the page itself: the address holds a secret, which is to stand in no other address and in no log.
`segno` is imported when wanted: who has an authenticator already never needs it.
"""

from typing import Final

from markupsafe import Markup

MODULE_PX: Final = 4  # what cheap cameras read off a screen at arm's length; a longer name makes a larger picture
QUIET_ZONE: Final = 4  # modules left white around it, as the standard wants


def draw_address(address: str) -> Markup:
    """Draw it as SVG, dark on white whatever the page's colours: cameras want it so."""
    import segno  # noqa: PLC0415 -- see above

    code = segno.make_qr(address, error="l")
    drawn: str = code.svg_inline(
        scale=MODULE_PX, border=QUIET_ZONE, dark="#000", light="#fff", unit="px", svgclass=None, lineclass=None
    )
    return Markup(drawn)  # noqa: S704 -- numbers and colours; nothing of the address is text in it
