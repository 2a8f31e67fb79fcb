"""By which certificate a kiosk fetches: that which is good longest, as the agent comes to its broker.

What was renewed lies in the agent's directory, and the agent may exchange it at any moment: it is read once, as one
pair, and what is no pair is passed over.
"""

import ssl
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from deploy.installing.commands import NotDone, do
from deploy.kiosk.installer import machine
from deploy.kiosk.updater.between import NotNow, read_theirs

RENEWED: Final = Path(machine.HOME) / "identities/held"
"""Where the agent keeps a certificate that was renewed."""


def let_in(context: ssl.SSLContext, identity: Path, renewed: Path = RENEWED) -> None:
    """Give the context this kiosk's certificate; `identity` is the one with which it was set up.

    Raises:
        NotNow: there is none that can be used.
    """
    why = "there is none"
    with TemporaryDirectory(prefix="zaigang-identity-") as scratch:
        for pair in sorted(_pairs(identity, renewed, Path(scratch)), key=_ends_s, reverse=True):
            try:
                context.load_cert_chain(pair / "kiosk.crt", pair / "kiosk.key", password="")
            except OSError as exc:
                why = str(exc)
            else:
                return
    raise NotNow(f"this kiosk's certificate cannot be used: {why}")


def _pairs(identity: Path, renewed: Path, scratch: Path) -> Iterator[Path]:
    for number, home in enumerate((renewed.resolve(), identity)):
        copy = scratch / str(number)
        copy.mkdir(mode=0o700)
        try:
            for name in ("kiosk.crt", "kiosk.key"):
                (copy / name).write_bytes(read_theirs(home / name))
        except OSError:
            continue
        yield copy


def _ends_s(pair: Path) -> float:
    """Since 1970; 0 where it cannot be read."""
    try:
        said = do("openssl", "x509", "-in", str(pair / "kiosk.crt"), "-noout", "-enddate")
        return ssl.cert_time_to_seconds(said.strip().removeprefix("notAfter="))
    except (NotDone, ValueError):
        return 0.0
