"""Mail, by a server that the operator names: `smtps://` from the first byte, `smtp://` by STARTTLS where offered.

No password leaves the machine without TLS.
"""

import smtplib
import ssl
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Final
from zoneinfo import ZoneInfo

from hub.alarms.channel import AlarmMessage, Receipt
from hub.alarms.posting import TIMEOUT_S, not_reached
from hub.alarms.words import TITLE, messages_text

_MOST_TEXT: Final = 60_000


class NoTlsError(smtplib.SMTPException):
    """The server elsewhere offers no TLS: everybody on the way would read the password."""


_TOLD: Final = (
    (smtplib.SMTPAuthenticationError, "the mail server refuses user or password: {code}"),
    (smtplib.SMTPSenderRefused, "the mail server refuses the sender: {code}"),
    (smtplib.SMTPResponseException, "the mail server refuses: {code}"),
    (smtplib.SMTPServerDisconnected, "the mail server hangs up"),
    (smtplib.SMTPNotSupportedError, "the mail server takes no password there"),
    (ssl.SSLError, "the mail server speaks no TLS there"),
    (NoTlsError, "the password is not sent without TLS"),
)
_ODD: Final = "the mail server does not take it: {name}"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One addressee; a `Channel`."""

    url: str
    """`smtp://USER@HOST:PORT?from=...&to=...`."""
    secret: str
    """The user's password; empty where none is asked for."""
    zone: ZoneInfo
    timeout_s: float = TIMEOUT_S
    most: int = 1000
    a_minute: int = 6

    def send(self, messages: Sequence[AlarmMessage], now: datetime) -> Receipt:
        """Deliver these as one mail."""
        parts = urllib.parse.urlsplit(self.url)
        asked = urllib.parse.parse_qs(parts.query)
        mail = EmailMessage()
        mail["From"], mail["To"] = asked["from"][0], asked["to"][0]
        mail["Subject"] = f"{TITLE}{len(messages)} 条提醒"
        mail["Date"] = now
        mail["Message-ID"] = f"<{messages[0].number}.{messages[-1].number}@zaigang>"
        mail.set_content(messages_text(messages, self.zone, _MOST_TEXT))
        try:
            with self._server(parts) as server:
                server.send_message(mail)
        except (smtplib.SMTPException, OSError) as exc:
            return Receipt(is_taken=False, text=said_of(exc, self.timeout_s))
        return Receipt(is_taken=True, text="the mail server has it")

    @contextmanager
    def _server(self, parts: urllib.parse.SplitResult) -> Iterator[smtplib.SMTP]:
        """The server, when it is ready to take a mail; the line to it is never left open."""
        host = parts.hostname or ""
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=self.timeout_s, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=self.timeout_s)
        with closing(server):
            is_secret = parts.scheme == "smtps" or _is_here(host)
            if parts.scheme == "smtp":
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
                    is_secret = True
            if parts.username and self.secret:
                if not is_secret:
                    raise NoTlsError
                server.login(urllib.parse.unquote(parts.username), self.secret)
            yield server
            with suppress(smtplib.SMTPException, OSError):  # it has the mail
                server.quit()


def _is_here(host: str) -> bool:
    """Whether a server is on this machine, so that nobody is on the way."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def said_of(exc: smtplib.SMTPException | OSError, timeout_s: float) -> str:
    """Say what went wrong, for who has to mend it; of what the server wrote its code alone."""
    if isinstance(exc, TimeoutError) or isinstance(exc.__context__, TimeoutError):  # smtplib calls both disconnected
        return f"no answer within {timeout_s:g} s"
    if isinstance(exc, ssl.SSLCertVerificationError):
        return f"the mail server's certificate is not trusted: {exc.verify_message}"
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        return f"the mail server refuses the addressee: {next(iter(exc.recipients.values()))[0]}"
    told = next((told for kind, told in _TOLD if isinstance(exc, kind)), None)
    if told is None:
        return not_reached(exc) if not isinstance(exc, smtplib.SMTPException) else _ODD.format(name=type(exc).__name__)
    return told.format(code=getattr(exc, "smtp_code", ""))
