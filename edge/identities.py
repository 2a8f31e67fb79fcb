"""By which certificate this kiosk comes to the broker: that with which it was set up, or one that was renewed since.

```
identities/HASH/kiosk.crt  identities/HASH/kiosk.key    each whole before anything names it
identities/held -> HASH                                 the broker has let it in
identities/trial -> HASH                                signed by the hub, not tried yet
identities/next.key                                     made here, not signed yet
```
Names are exchanged in one step, so power may fail anywhere and one that works is there. A trial becomes the held one
when the broker welcomes it, and goes when the broker refuses it and welcomes another. Not for two threads at once.
"""

import shutil
import ssl
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from edge.certificate import read_certificate
from edge.config import BrokerConfig
from edge.errors import KeyFileError
from edge.journal_schema import sync_directory
from edge.whole_file import write_whole
from station.names import KioskId
from station.saying import say

FOLDER: Final = "identities"
CERTIFICATE: Final = "kiosk.crt"
KEY: Final = "kiosk.key"
_HELD, _TRIAL, _NEXT = "held", "trial", "next.key"
_OPENSSL_S: Final = 60.0
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Identities:
    """One kiosk's, of which a connection takes one.

    Attributes:
        settled: told what became of a trial: nothing where the broker has welcomed it, else why it is gone.
        wants_dial: another is to be tried than the one that was taken last.
    """

    def __init__(self, broker: BrokerConfig, kiosk: KioskId, data_dir: Path) -> None:
        self._broker, self._kiosk, self._folder = broker, kiosk, data_dir / FOLDER
        self._turned = 0
        self._refused = ""
        self.wants_dial = False
        self.settled: Callable[[str], None] = lambda _: None

    @property
    def is_any(self) -> bool:
        """Whether this kiosk comes by a certificate at all."""
        return self._broker.certificate_file is not None

    @property
    def has_trial(self) -> bool:
        """Whether one is to be tried."""
        return self._named(_TRIAL) is not None

    def way(self) -> BrokerConfig:
        """How to come to the broker now."""
        self.wants_dial = False
        ways = self._ways()
        return ways[self._turned % len(ways)]

    def best(self) -> BrokerConfig:
        """The same, for who looks on: that which is good longest of those that were let in."""
        return self._ways()[1 if self.has_trial else 0]

    def key_files(self) -> list[Path]:
        """The private keys that it holds, each of one certificate."""
        return [way.key_file for way in self._ways() if way.key_file is not None]

    def refused(self, why: str) -> None:
        """The broker does not let this one in: another is next."""
        if self._turned % len(self._ways()) == 0 and self.has_trial:
            self._refused = why
        self._turned += 1

    def welcomed(self) -> None:
        """The broker has let this one in."""
        if not self.has_trial:
            return
        if self._turned % len(self._ways()) == 0:
            self._hold_trial()
            self.settled("")
        elif self._refused:
            why, self._refused = self._refused, ""
            self._drop_trial()
            self.settled(why)

    def make_request(self) -> str:
        """A new key, kept here, and the request that the hub is to sign, PEM.

        Raises:
            KeyFileError: there is no openssl, or the disk does not take it.
        """
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            key = _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
            write_whole(self._folder / _NEXT, key)
            subject = f"/CN={self._kiosk}"
            return _openssl("req", "-new", "-key", str(self._folder / _NEXT), "-subj", subject).decode()
        except (OSError, subprocess.SubprocessError) as exc:
            raise KeyFileError(say("no new key can be made: {exc}", exc=exc)) from exc

    def take(self, certificate: str) -> None:
        """Try that certificate from the next connection on.

        Raises:
            KeyFileError: it is not for this kiosk and the key that it made last.
            OSError: the disk does not take it.
        """
        content = certificate.encode()
        name = sha256(content).hexdigest()[:16]
        home, fresh = self._folder / name, self._folder / f"{name}.fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        try:
            key = (self._folder / _NEXT).read_bytes()
        except OSError as exc:
            raise KeyFileError("no key waits for it; ask for another request first") from exc
        write_whole(fresh / CERTIFICATE, content)
        write_whole(fresh / KEY, key)
        _check(fresh, self._kiosk)
        if not home.exists():
            fresh.rename(home)
        sync_directory(self._folder)
        self._name(_TRIAL, name)
        (self._folder / _NEXT).unlink(missing_ok=True)
        self._turned, self._refused, self.wants_dial = 0, "", True

    def holds(self, certificate: str) -> bool:
        """Whether the broker has let it in."""
        held = self._named(_HELD)
        return held is not None and (held / CERTIFICATE).read_bytes() == certificate.encode()

    def _ways(self) -> list[BrokerConfig]:
        """The trial first, then what is good longest."""
        own = self._broker
        if not self.is_any:
            return [own]
        renewed = [self._broker_by(home) for home in (self._named(_TRIAL), self._named(_HELD)) if home is not None]
        trial = renewed[:1] if self.has_trial else []
        return trial + sorted([*renewed[len(trial) :], own], key=_ends_at, reverse=True)

    def _broker_by(self, home: Path) -> BrokerConfig:
        return replace(self._broker, certificate_file=home / CERTIFICATE, key_file=home / KEY)

    def _named(self, word: str) -> Path | None:
        """The folder that bears this name, where it is sound and this kiosk's."""
        with suppress(OSError, KeyFileError):
            home = self._folder / (self._folder / word).readlink()
            _check(home, self._kiosk)
            return home
        return None

    def _hold_trial(self) -> None:
        with suppress(OSError):  # it is tried again, and let in again
            self._name(_HELD, (self._folder / _TRIAL).readlink().name)
            (self._folder / _TRIAL).unlink()
            self._tidy()
        self._turned = 0

    def _drop_trial(self) -> None:
        self._turned = self._turned % len(self._ways()) - 1  # what stands behind it moves up
        with suppress(OSError):
            (self._folder / _TRIAL).unlink()
            self._tidy()

    def _name(self, word: str, home: str) -> None:
        fresh = self._folder / f"{word}.fresh"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(home)
        fresh.replace(self._folder / word)
        sync_directory(self._folder)

    def _tidy(self) -> None:
        """Forget what no name leads to."""
        links = [self._folder / word for word in (_HELD, _TRIAL)]
        named = {link.readlink().name for link in links if link.is_symlink()}
        for each in self._folder.iterdir():
            if each.is_dir() and not each.is_symlink() and each.name not in named:
                shutil.rmtree(each, ignore_errors=True)
        sync_directory(self._folder)


def _check(home: Path, kiosk: KioskId) -> None:
    """See whether certificate and key there are one pair, and this kiosk's.

    Raises:
        KeyFileError: they are not.
    """
    found = read_certificate(home / CERTIFICATE)
    if found.name != kiosk:
        raise KeyFileError(
            say("the certificate is for {name:.40}; wanted is one for {kiosk}", name=found.name, kiosk=kiosk)
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(home / CERTIFICATE, home / KEY)
    except OSError as exc:
        raise KeyFileError("the certificate is for another key") from exc


def _ends_at(broker: BrokerConfig) -> datetime:
    with suppress(KeyFileError):
        if broker.certificate_file is not None:
            return read_certificate(broker.certificate_file).ends_at
    return _LONG_AGO


def _openssl(*words: str) -> bytes:
    command = ["openssl", *words]
    return subprocess.run(command, capture_output=True, check=True, timeout=_OPENSSL_S).stdout  # noqa: S603 -- ours
