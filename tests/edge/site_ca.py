"""A site's CA of a test's own: certificates with any name and any time, as files."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Files:
    certificate: Path
    key: Path


class SiteCa:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = named(f"site CA {folder.name}")
        builder = begun(self._name, self._name, self._key, NOW - DAY, NOW + DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file = folder / "ca.crt"
        self.file.write_bytes(pem(builder.sign(self._key, hashes.SHA256())))
        self.revoked_file = folder / "revoked.crl"
        self._revoked: list[int] = []
        self._list()

    def broker(self, host: str = "127.0.0.1", begins: datetime = NOW - DAY, ends: datetime = NOW + DAY) -> Files:
        reached = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        return self._issue("broker", begins, ends, reached)

    def kiosk(self, name: str, ends: datetime = NOW + DAY) -> Files:
        return self._issue(name, NOW - 2 * DAY, ends)

    def sign(self, name: str, public, ends: datetime) -> bytes:
        """A kiosk's own key."""
        builder = x509.CertificateBuilder(
            self._name, named(name), public, x509.random_serial_number(), NOW - 2 * DAY, ends
        )
        return pem(builder.sign(self._key, hashes.SHA256()))

    def revoke(self, files: Files) -> None:
        self._revoked.append(x509.load_pem_x509_certificate(files.certificate.read_bytes()).serial_number)
        self._list()

    def _list(self) -> None:
        builder = x509.CertificateRevocationListBuilder(self._name, NOW - DAY, NOW + DAY)
        for serial in self._revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW).build()
            builder = builder.add_revoked_certificate(entry)
        self.revoked_file.write_bytes(pem(builder.sign(self._key, hashes.SHA256())))

    def _issue(self, name: str, begins: datetime, ends: datetime, *more: x509.ExtensionType) -> Files:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = begun(named(name), self._name, key, begins, ends)
        for extension in more:
            builder = builder.add_extension(extension, critical=False)
        made = Files(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        made.certificate.write_bytes(pem(builder.sign(self._key, hashes.SHA256())))
        plain = serialization.NoEncryption()
        made.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        made.key.chmod(0o600)
        return made


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def pem(signed) -> bytes:
    return signed.public_bytes(serialization.Encoding.PEM)


def begun(subject, issuer, key, begins, ends) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), begins, ends)
