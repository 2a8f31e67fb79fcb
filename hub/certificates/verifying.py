"""Which kiosk of this site wrote a letter: the certificate is the CA's, and the signature its key's."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from hub.certificates.authority import name_of
from hub.certificates.cabinet import Cabinet
from hub.saying import say
from station.letter import Letter, LetterError


def writer_of(cabinet: Cabinet, letter: Letter) -> x509.Certificate:
    """The certificate of whoever wrote it; whether it was revoked meanwhile is the caller's to ask.

    Raises:
        LetterError: no kiosk of this site wrote it, or it was changed on the way.
        CertificateError: there is no CA here.
    """
    try:
        certificate = x509.load_pem_x509_certificate(letter.certificate)
        certificate.verify_directly_issued_by(cabinet.authority().certificate)
    except (ValueError, TypeError, InvalidSignature) as exc:
        raise LetterError("of no kiosk of this site") from exc
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise LetterError("of no kiosk of this site")
    try:
        key.verify(letter.signature, letter.signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as exc:
        raise LetterError(say("changed on the way; make it anew at {kiosk}", kiosk=name_of(certificate))) from exc
    return certificate
