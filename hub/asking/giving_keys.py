"""Giving kiosks the site key that they lack: sealed to their certificates, asked of each until it says that it has it.

First the one that holds, to kiosks that were away, or whose card was put back: by it they know who was entered since;
then, while a change is under way, the one that is to come. Only a kiosk whose key is one of the city's is given one.
"""

from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import ColumnElement, Connection, Engine, and_, or_, select
from sqlmodel import col

from hub.asking.asked import ask
from hub.asking.kinds import CommandKind
from hub.certificates.cabinet import Cabinet, CertificateError
from hub.database.command_table import KioskCommand
from hub.database.journal_tables import KioskSeen
from hub.database.tables import Kiosk
from hub.database.transactions import changing, reading
from hub.register.card_names import read_key_state
from hub.site_key import FILE_NAME, NEXT_FILE, RETIRED_FILE, SiteKeyError, read_other_keys, read_site_key
from station.clock import Clock
from station.key_letter import seal
from station.milliseconds import ms_of
from station.names import KioskId
from station.token import fingerprint_of

SITE_KEY: Final = CommandKind("site_key", timedelta(days=1))
BY: Final = "hub"
AGAIN: Final = timedelta(hours=1)  # after one that came to nothing
AT_ONCE: Final = 10  # kiosks a second: each is a file and some arithmetic
_CERTIFICATES: Final = 4  # the newest of a kiosk's that are good: it may not have taken the last one


class KeyGiving:
    """Looks who lacks it. All calls come from one thread.

    Args:
        engine: the database.
        cabinet: the site's CA; the keys lie beside it.
        clock: whose now it is.
    """

    def __init__(self, engine: Engine, cabinet: Cabinet, clock: Clock) -> None:
        self._engine, self._cabinet, self._clock = engine, cabinet, clock
        self._data_dir = cabinet.folder.parent

    def look(self) -> None:
        """Ask some who lack it.

        Raises:
            StoreTroubleError: the database cannot be used.
        """
        if not any((self._data_dir / name).exists() for name in (NEXT_FILE, RETIRED_FILE)):
            return
        try:
            current, others = read_site_key(self._data_dir / FILE_NAME), read_other_keys(self._data_dir)
        except SiteKeyError:  # doctor says so
            return
        mark, retired = fingerprint_of(current), [fingerprint_of(key) for key in others.retired if key != current]
        has_it = or_(col(KioskSeen.key_mark) == mark, col(KioskSeen.next_mark) == mark)
        with reading(self._engine) as connection:
            wanted = dict.fromkeys(
                self._lacking(connection, and_(col(KioskSeen.key_mark).in_(retired), ~has_it)), current
            )
            if others.coming is not None and read_key_state(connection).coming == fingerprint_of(others.coming):
                lacks_next = col(KioskSeen.next_mark) != fingerprint_of(others.coming)
                ours = col(KioskSeen.key_mark).in_([mark, *retired])
                wanted |= dict.fromkeys(self._lacking(connection, and_(has_it, ours, lacks_next)), others.coming)
        letters = {kiosk: self._letters(kiosk, key) for kiosk, key in wanted.items()}
        if any(letters.values()):
            with changing(self._engine) as connection:
                for kiosk, sealed in letters.items():
                    if sealed:
                        ask(connection, kiosk, SITE_KEY, by=BY, now=self._clock.now(), args={"letters": sealed})

    def _lacking(self, connection: Connection, which: ColumnElement[bool]) -> list[KioskId]:
        lately = ms_of(self._clock.now() - AGAIN)
        asked = select(col(KioskCommand.kiosk)).where(
            col(KioskCommand.name) == SITE_KEY.name, col(KioskCommand.asked_ms) > lately
        )
        query = (
            select(col(Kiosk.id))
            .join(KioskSeen, col(KioskSeen.kiosk) == col(Kiosk.id))
            .where(col(Kiosk.revoked_ms).is_(None), col(Kiosk.in_service_to).is_(None), col(KioskSeen.online))
            .where(which)
            .where(col(Kiosk.id).not_in(asked))
        )
        rows = connection.execute(query.order_by(col(Kiosk.id)).limit(AT_ONCE))
        return [KioskId(id_) for (id_,) in rows]

    def _letters(self, kiosk: KioskId, key: bytes) -> str:
        """The key, sealed to each certificate that may be the kiosk's; empty where it has none."""
        try:
            good = self._cabinet.good_identities(kiosk)[-_CERTIFICATES:]
        except CertificateError:  # doctor says so
            return ""
        publics = [identity.public_key() for identity in good]
        return " ".join(
            letter_to(public, key, kiosk) for public in publics if isinstance(public, ec.EllipticCurvePublicKey)
        )


def letter_to(public: ec.EllipticCurvePublicKey, key: bytes, kiosk: str) -> str:
    """A site key, sealed to whoever has the private half."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    own = ephemeral.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return seal(key, ephemeral.exchange(ec.ECDH(), public), own, kiosk).spelled()
