"""Renewing kiosks' certificates over the wire: asked for when a third of the life is left, signed, and sent back.

A kiosk makes its own key and sends a request (`renew`); what is signed goes back by another command (`certificate`).
The old certificate is good until it ends. A revoked kiosk is asked nothing, and nothing that it says is heard.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from hub.asking.asked import ask
from hub.asking.kinds import AnswerError, CommandKind, FoundAnswer, FoundTexts
from hub.certificates.cabinet import Cabinet, CertificateError
from hub.database.command_table import KioskCommand
from hub.database.tables import Kiosk
from hub.database.transactions import changing, reading
from station.clock import Clock
from station.lifetimes import OF_KIOSK
from station.milliseconds import ms_of
from station.names import KioskId

LEFT: Final = OF_KIOSK / 3
AGAIN: Final = timedelta(days=1)  # after one that came to nothing
BY: Final = "hub"
AT_ONCE: Final = 2  # kiosks a second: each is some small files


def sign(answer: FoundAnswer) -> FoundTexts:
    """Sign what a kiosk asks for, and send it back."""
    revoked = select(col(Kiosk.revoked_ms)).where(col(Kiosk.id) == answer.kiosk)
    if answer.connection.execute(revoked).scalar_one_or_none() is not None:
        raise AnswerError("the kiosk is revoked")
    if answer.cabinet is None or not answer.cabinet.is_there:
        raise AnswerError("this hub has no CA")
    try:
        signed = answer.cabinet.sign_request(answer.kiosk, answer.found.get("request", ""), answer.now)
    except (CertificateError, OSError) as exc:
        raise AnswerError(str(exc)) from exc
    said = {"certificate": signed.pem.decode()}
    ask(answer.connection, answer.kiosk, CERTIFICATE, by=answer.by, now=answer.now, args=said)
    return {"until": f"{signed.certificate.not_valid_after_utc:%Y-%m-%d}"}


RENEW: Final = CommandKind("renew", timedelta(days=7), sign)
CERTIFICATE: Final = CommandKind("certificate", timedelta(days=7))


class Renewing:
    """Looks at one kiosk after the other. All calls come from one thread.

    Args:
        engine: the database.
        cabinet: the site's CA.
        clock: whose now it is.
    """

    def __init__(self, engine: Engine, cabinet: Cabinet, clock: Clock) -> None:
        self._engine, self._cabinet, self._clock = engine, cabinet, clock
        self._last = ""

    def look(self) -> None:
        """Look at the next, and ask those whose certificate is to be renewed.

        Raises:
            StoreTroubleError: the database cannot be used.
        """
        if not self._cabinet.is_there:
            return
        with reading(self._engine) as connection:
            kiosks = self._next(connection)
        due = [kiosk for kiosk in kiosks if self._is_due(kiosk)]
        if due:
            with changing(self._engine) as connection:
                for kiosk in due:
                    if not self._was_asked(connection, kiosk):
                        ask(connection, kiosk, RENEW, by=BY, now=self._clock.now())

    def _next(self, connection: Connection) -> list[KioskId]:
        wanted = (col(Kiosk.revoked_ms).is_(None), col(Kiosk.in_service_to).is_(None), col(Kiosk.id) > self._last)
        rows = connection.execute(select(col(Kiosk.id)).where(*wanted).order_by(col(Kiosk.id)).limit(AT_ONCE))
        kiosks = [KioskId(id_) for (id_,) in rows]
        self._last = kiosks[-1] if len(kiosks) == AT_ONCE else ""
        return kiosks

    def _is_due(self, kiosk: KioskId) -> bool:
        try:
            good = self._cabinet.good_identities(kiosk)
        except CertificateError:  # doctor says so
            return False
        return bool(good) and good[-1].not_valid_after_utc - self._clock.now() < LEFT

    def _was_asked(self, connection: Connection, kiosk: KioskId) -> bool:
        lately = ms_of(self._clock.now() - AGAIN)
        names = (RENEW.name, CERTIFICATE.name)
        wanted = (col(KioskCommand.kiosk) == kiosk, col(KioskCommand.name).in_(names))
        query = select(col(KioskCommand.id)).where(*wanted, col(KioskCommand.asked_ms) > lately).limit(1)
        return connection.execute(query).first() is not None
