"""How kiosk and broker know each other over TLS: the kiosk's identity, the site's CA, and in words why one is refused.

The key's file is for its owner only. Where the machine's clock says a time before this kiosk's certificate was signed,
nothing can be said of a certificate's begin and end, and both are left out: the hub tells the time over the very
connection that a clock at 1970 would forbid. Who signed it, and for which name, is asked all the same.
"""

import selectors
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.certificate import known_past
from edge.config import BrokerConfig
from edge.errors import KeyFileError, plain
from edge.site_key import read_secret
from station.saying import as_said, say

JUDGEMENT_S: Final = 0.5  # for a broker that judges and sends no ticket
_NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL's x509_vfy.h; Python has no name for it
# X509_V_ERR_* of the same file, by what a person does about it.
_NOT_YET, _ENDED, _OTHER_NAME = (9,), (10,), (62, 64)
_OTHER_CA: Final = (2, 18, 19, 20, 21)
_ALERTS: Final = {
    "CERTIFICATE_REVOKED": "it says that this kiosk's certificate is revoked; prepare this kiosk anew at the hub",
    "CERTIFICATE_EXPIRED": "it says that this kiosk's certificate has ended; prepare this kiosk anew at the hub",
    "UNKNOWN_CA": "it does not know the CA of this kiosk's certificate: it belongs to another hub, or was made anew",
    "CERTIFICATE_REQUIRED": "it wants a certificate, and broker.certificate_file names none",
    "BAD_CERTIFICATE": "it does not take this kiosk's certificate; prepare this kiosk anew at the hub",
    "CERTIFICATE_UNKNOWN": "it does not take this kiosk's certificate; prepare this kiosk anew at the hub",
}


class _Line(ssl.SSLSocket):
    """Waits for the broker's judgement of the kiosk's certificate, and closes itself where that is not good.

    In TLS 1.3 the broker judges after the handshake, and whoever has spoken by then may never read why he is refused.
    One that is content sends a ticket at that moment. paho forgets a line whose handshake failed, and leaves it open.
    """

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 -- the base's own
        timeout_s = self.gettimeout()
        try:
            super().do_handshake(block)
            with selectors.DefaultSelector() as selector:
                selector.register(self, selectors.EVENT_READ)
                selector.select(JUDGEMENT_S)
            self.settimeout(0)
            with suppress(ssl.SSLWantReadError):
                self.recv(1)  # a broker never speaks first: what comes is no data
        except OSError:
            self.close()
            raise
        self.settimeout(timeout_s)


def make_context(broker: BrokerConfig, wall_s: float) -> ssl.SSLContext | None:
    """What the handshake goes by; None where the broker is reached without TLS.

    Args:
        broker: its three files are named, or none of them.
        wall_s: what the machine's clock says, as OpenSSL would ask it.

    Raises:
        KeyFileError: one of the files cannot be used.
    """
    if broker.ca_file is None or broker.certificate_file is None or broker.key_file is None:
        return None
    read_secret(broker.key_file, "broker.key_file")
    try:
        context = ssl.create_default_context(cafile=str(broker.ca_file))
    except OSError as exc:
        raise _unusable("broker.ca_file", broker.ca_file, exc) from exc
    try:
        context.load_cert_chain(broker.certificate_file, broker.key_file)
    except OSError as exc:
        raise _unusable("broker.certificate_file", broker.certificate_file, exc) from exc
    context.sslsocket_class = _Line
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if wall_s < known_past(broker.certificate_file).timestamp():
        context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context


def is_judged(exc: OSError) -> bool:
    """Whether the broker has seen this kiosk's certificate, and does not take it."""
    return isinstance(exc, ssl.SSLError) and any(alert in str(exc) for alert in _ALERTS)


def distrust(exc: OSError, host: str) -> str:
    """Why there is no connection, and what a person does about it."""
    if isinstance(exc, ConnectionResetError | ssl.SSLEOFError):
        return "the broker broke off before the connection was secure; is broker.port one with TLS?"
    if not isinstance(exc, ssl.SSLError):
        return plain(exc)
    if not isinstance(exc, ssl.SSLCertVerificationError):
        said = next((said for alert, said in _ALERTS.items() if alert in str(exc)), None)
        return f"the broker refuses this kiosk: {said}" if said else f"no secure connection: {exc.reason or exc}"
    clock = f"by this kiosk's clock ({datetime.now(UTC):%Y-%m-%d})"
    for codes, sentence in (
        (_NOT_YET, f"the broker's certificate has not begun {clock}; set the clock"),
        (_ENDED, f"the broker's certificate has ended {clock}; set the clock, or make another at the hub"),
        (_OTHER_NAME, f"the broker's certificate is for another name than {host}; see broker.host"),
        (_OTHER_CA, "the broker's certificate is not of this site's CA: it is another hub, or its CA was made anew"),
    ):
        if exc.verify_code in codes:
            return sentence
    return f"the broker's certificate cannot be believed: {exc.verify_message}"


def _unusable(setting: str, path: Path, exc: OSError) -> KeyFileError:
    if isinstance(exc, ssl.SSLError):
        is_other = "MISMATCH" in str(exc)
        found = as_said("is not that key's" if is_other else "holds no certificate in PEM, or its key is none")
        return KeyFileError(
            say("{setting} {path} {found}; copy the kiosk's folder anew", setting=setting, path=path, found=found)
        )
    return KeyFileError(
        say("{setting} {path} cannot be read: {why}", setting=setting, path=path, why=as_said(exc.strerror or str(exc)))
    )
