"""The site CA itself: keys and certificates as values, no files. ECDSA on P-256 throughout: quick on every kiosk.

Certificates begin in 1970: a kiosk without a clock believes that year until the hub has told it the time, which it
does over a connection that the certificate must let it have. Their end is what counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from station.lifetimes import OF_KIOSK
from station.milliseconds import ms_of

PrivateKey = ec.EllipticCurvePrivateKey

BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
OF_CA: Final = timedelta(days=20 * 365)
OF_BROKER: Final = timedelta(days=2 * 365)
CRL_OVERLAP: Final = timedelta(days=1)
"""How far back a revocation list begins: a broker whose clock is a little behind must not refuse every kiosk."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate and, where it was made here, its key; both PEM."""

    certificate: x509.Certificate
    key: PrivateKey | None = None

    @property
    def pem(self) -> bytes:
        """The certificate as a file holds it."""
        return pem_of(self.certificate)

    @property
    def key_pem(self) -> bytes:
        """Its key as a file holds it, not encrypted."""
        assert self.key is not None
        return key_pem_of(self.key)


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs what it is given; whether it should is the caller's to say."""

    certificate: x509.Certificate
    key: PrivateKey

    @classmethod
    def make(cls, name: str, now: datetime) -> "Authority":
        """A new one; nothing that another signed is good for it."""
        key = new_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = _usage(key_cert_sign=True, crl_sign=True)
        builder = _begun(subject, subject, key.public_key(), now + OF_CA)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(usage, critical=True)
        return cls(builder.sign(key, hashes.SHA256()), key)

    def sign_broker(self, names: Sequence[str], now: datetime) -> Signed:
        """The broker's and the page's certificate, with a new key.

        Args:
            names: names and addresses under which it is reached; the first is what kiosks are told.
            now: it is good for two years from.
        """
        key = new_key()
        reached = x509.SubjectAlternativeName([_general(name) for name in names])
        signed = self._sign(names[0], key.public_key(), now + OF_BROKER, ExtendedKeyUsageOID.SERVER_AUTH, reached)
        return Signed(signed, key)

    def sign_kiosk(self, kiosk: str, now: datetime) -> Signed:
        """A kiosk's identity, with a new key; its id is what the broker knows it by."""
        key = new_key()
        return Signed(self.sign_kiosk_key(kiosk, key.public_key(), now), key)

    def sign_kiosk_key(self, kiosk: str, public: ec.EllipticCurvePublicKey, now: datetime) -> x509.Certificate:
        """The same for a key that the kiosk has made itself, and keeps."""
        return self._sign(kiosk, public, now + OF_KIOSK, ExtendedKeyUsageOID.CLIENT_AUTH)

    def revocations(self, serials: Iterable[int], now: datetime) -> x509.CertificateRevocationList:
        """The list of what is good no more. It is good as long as the CA: the broker would refuse all by an old one."""
        ends = self.certificate.not_valid_after_utc
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(now - CRL_OVERLAP).next_update(ends)
        builder = builder.add_extension(x509.CRLNumber(ms_of(now)), critical=False)
        builder = builder.add_extension(self._own_key, critical=False)
        for serial in sorted(serials):
            revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
            builder = builder.add_revoked_certificate(revoked)
        return builder.sign(self.key, hashes.SHA256())

    def _sign(
        self,
        name: str,
        public: ec.EllipticCurvePublicKey,
        ends_at: datetime,
        purpose: ObjectIdentifier,
        *more: x509.ExtensionType,
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = _begun(subject, self.certificate.subject, public, min(ends_at, self.certificate.not_valid_after_utc))
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(digital_signature=True), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(self._own_key, critical=False)
        for extension in more:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self.key, hashes.SHA256())

    @property
    def _own_key(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())


def new_key() -> PrivateKey:
    """A key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def pem_of(certificate: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    """As a file holds it."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_pem_of(key: PrivateKey) -> bytes:
    """As a file holds it, not encrypted: whoever may read the file may use it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def name_of(certificate: x509.Certificate) -> str:
    """Whom it names."""
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def reached_by(certificate: x509.Certificate) -> list[str]:
    """The names and addresses of a broker's certificate, in the order in which they were given."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names]


def _begun(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, ends_at: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=public)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(BEGIN).not_valid_after(ends_at)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=key_cert_sign, crl_sign=crl_sign,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
