"""The CA's files in the hub's data directory: its key for its owner alone, and every certificate that it signed.

```
ca/ca.key  ca/ca.crt  ca/revoked.crl
ca/broker/broker.key  ca/broker/broker.crt
ca/kiosks/KIOSK/SERIAL.crt    never a kiosk's key: that leaves with the kiosk
```
What is revoked stays revoked, also where the database was put back from a backup: the list only grows.
"""

import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.certificates.authority import Authority, Signed, key_pem_of, pem_of
from hub.data_dir import make_data_dir
from hub.durable_file import write_new, write_over
from hub.errors import HubError
from hub.saying import as_said, say

FOLDER: Final = "ca"
T = TypeVar("T")


class CertificateError(HubError):
    """The CA cannot do what it is asked for; the text says what a person must do."""


class Cabinet:
    """Where the CA is kept.

    Args:
        data_dir: the hub's.
    """

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER
        self.certificate_file = self.folder / "ca.crt"
        self.revoked_file = self.folder / "revoked.crl"
        self.broker_file = self.folder / "broker" / "broker.crt"
        self.broker_key_file = self.folder / "broker" / "broker.key"
        self._key_file = self.folder / "ca.key"

    @property
    def is_there(self) -> bool:
        """Whether a CA was made."""
        return self.certificate_file.exists()

    def make(self, name: str, now: datetime) -> bool:
        """Make the CA; False, and nothing is changed, where there is one."""
        with self._at_work():
            if self.is_there:
                return False
            kept = self._key_file.exists()  # a CA that was interrupted: its key has signed nothing yet
            authority = Authority.make(name, now)
            if kept:
                self._key_file.unlink()
            write_new(self._key_file, key_pem_of(authority.key))
            write_over(self.revoked_file, pem_of(authority.revocations((), now)))
            write_over(self.certificate_file, pem_of(authority.certificate))  # last: from now on it is there
            return True

    def authority(self) -> Authority:
        """The CA.

        Raises:
            CertificateError: there is none, its key is open to others, or it cannot be read.
        """
        certificate = self._certificate(self.certificate_file)
        key = _read_key(self._key_file)
        if key.public_key() != certificate.public_key():
            files = {"file": self._key_file, "certificate": self.certificate_file}
            raise CertificateError(say("{file} is not the key of {certificate}; restore both together", **files))
        return Authority(certificate, key)

    def issue_broker(self, names: Sequence[str], now: datetime) -> Signed:
        """Sign a certificate for the broker, in the place of the one before."""
        with self._at_work():
            signed = self.authority().sign_broker(names, now)
            self.broker_file.parent.mkdir(mode=0o700, exist_ok=True)
            write_over(self.broker_key_file, signed.key_pem)
            write_over(self.broker_file, signed.pem)
            return signed

    def broker(self) -> x509.Certificate | None:
        """The broker's certificate."""
        return self._certificate(self.broker_file) if self.broker_file.exists() else None

    def issue_kiosk(self, kiosk: str, now: datetime) -> Signed:
        """Sign an identity; the key is in the answer and nowhere else."""
        with self._at_work():
            signed = self.authority().sign_kiosk(kiosk, now)
            self._keep(kiosk, signed)
            return signed

    def sign_request(self, kiosk: str, request: str, now: datetime) -> Signed:
        """Sign a key that a kiosk has made itself, and says so.

        Raises:
            CertificateError: it is no such request.
        """
        key = requested_key(request)
        with self._at_work():
            signed = Signed(self.authority().sign_kiosk_key(kiosk, key, now))
            self._keep(kiosk, signed)
            return signed

    def _keep(self, kiosk: str, signed: Signed) -> None:
        folder = self.folder / "kiosks" / kiosk
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(folder / f"{signed.certificate.serial_number:x}.crt", signed.pem)

    def identities(self, kiosk: str) -> list[x509.Certificate]:
        """All that were ever signed for a kiosk, that which is good longest last."""
        files = sorted((self.folder / "kiosks" / kiosk).glob("*.crt"))
        return sorted(map(self._certificate, files), key=lambda certificate: certificate.not_valid_after_utc)

    def good_identities(self, kiosk: str) -> list[x509.Certificate]:
        """Those that are not revoked."""
        revoked = self.revoked()
        return [identity for identity in self.identities(kiosk) if identity.serial_number not in revoked]

    def revoked(self) -> frozenset[int]:
        """The serials on the list."""
        if not self.revoked_file.exists():
            return frozenset()
        listed = _read(self.revoked_file, x509.load_pem_x509_crl)
        return frozenset(entry.serial_number for entry in listed)

    def revoke(self, serials: Sequence[int], now: datetime) -> bool:
        """Put certificates on the list; False where all of them are on it."""
        with self._at_work():
            before = self.revoked()
            if before.issuperset(serials):
                return False
            write_over(self.revoked_file, pem_of(self.authority().revocations(before.union(serials), now)))
            return True

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """One at a time: two that revoke at once must both be on the list."""
        make_data_dir(self.folder.parent)
        make_data_dir(self.folder)
        with (self.folder / ".lock").open("wb") as lock:
            flock(lock, LOCK_EX)
            yield

    def _certificate(self, path: Path) -> x509.Certificate:
        if not path.exists():
            raise CertificateError(say("{path} is missing; first make the site's CA: zaigang-hub ca init", path=path))
        return _read(path, x509.load_pem_x509_certificate)


def requested_key(request: str) -> ec.EllipticCurvePublicKey:
    """The key that a request is for.

    Raises:
        CertificateError: it is no such request.
    """
    try:
        asked = x509.load_pem_x509_csr(request.encode())
        key = asked.public_key()
        is_sound = asked.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as exc:
        raise CertificateError("what was sent is no request for a certificate") from exc
    if not (is_sound and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise CertificateError("the request is not signed by a key on P-256")
    return key


def _read(path: Path, load: Callable[[bytes], T]) -> T:
    try:
        return load(path.read_bytes())
    except (OSError, ValueError) as exc:
        said = say("{path} cannot be read: {why}; restore it from a backup", path=path, why=as_said(str(exc)))
        raise CertificateError(said) from exc


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as exc:
        why = as_said(exc.strerror or str(exc))
        raise CertificateError(say("the CA's key {path} cannot be read: {why}", path=path, why=why)) from exc
    if mode & 0o077:
        said = "the CA's key {path} has mode {mode}, open to others; wanted is 0600: chmod 600 {path}"
        raise CertificateError(say(said, path=path, mode=f"{mode:04o}"))
    key = _read(path, lambda content: load_pem_private_key(content, None))
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificateError(say("{path} is no key of this CA; restore it from a backup", path=path))
    return key
