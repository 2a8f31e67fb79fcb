"""Mail, by a server that the operator names: `smtps://` from the first byte, `smtp://` by STARTTLS where offered."""

import smtplib
import ssl
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Final
from zoneinfo import ZoneInfo

from hub.alarms.channel import AlarmMessage, Receipt
from hub.alarms.posting import TIMEOUT_S
from hub.alarms.words import TITLE, text_of

_MOST_TEXT: Final = 60_000


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
        mail.set_content(text_of(messages, self.zone, _MOST_TEXT))
        try:
            with self._server(parts) as server:
                server.send_message(mail)
        except smtplib.SMTPResponseException as exc:
            return Receipt(is_taken=False, text=f"the mail server refuses: {exc.smtp_code}")
        except (smtplib.SMTPException, OSError) as exc:
            return Receipt(is_taken=False, text=f"the mail server does not take it: {type(exc).__name__}")
        return Receipt(is_taken=True, text="the mail server has it")

    def _server(self, parts: urllib.parse.SplitResult) -> smtplib.SMTP:
        host = parts.hostname or ""
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=self.timeout_s, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=self.timeout_s)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if parts.username and self.secret:
            server.login(urllib.parse.unquote(parts.username), self.secret)
        return server
