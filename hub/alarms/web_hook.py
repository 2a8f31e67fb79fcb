"""A web hook by Standard Webhooks 1.0 (standardwebhooks.com): one message a call, signed, any 2xx is taken.

A message that is tried again has the same id, so that who receives it can tell.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from hub.alarms.channel import TEST, AlarmMessage, Receipt
from hub.alarms.places import district_of
from hub.alarms.posting import TIMEOUT_S, post

PREFIX: Final = "whsec_"
_KEY_BYTES: Final = range(24, 65)  # as the standard has it


def new_secret() -> str:
    """One of 256 bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes | None:
    """The key that a secret spells; None where it spells none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if secret.startswith(PREFIX) and len(key) in _KEY_BYTES else None


@dataclass(frozen=True, slots=True)
class WebHook:
    """One address; a `Channel`."""

    url: str
    secret: str
    timeout_s: float = TIMEOUT_S
    most: int = 1
    a_minute: int = 600

    def send(self, messages: Sequence[AlarmMessage], now: datetime) -> Receipt:
        """Deliver the one message."""
        (message,) = messages
        key = key_of(self.secret)
        if key is None:
            return Receipt(
                is_taken=False, text="the secret is none of Standard Webhooks; remove the channel, add it anew"
            )
        name, stamp = f"msg_{message.number}", str(int(now.timestamp()))
        body = json.dumps(_told(message), ensure_ascii=False, separators=(",", ":")).encode()
        proof = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(proof).decode(),
        }
        reply = post(self.url, body, headers, self.timeout_s)
        if reply.trouble:
            return Receipt(is_taken=False, text=reply.trouble)
        is_taken = HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES
        return Receipt(is_taken, f"HTTP {reply.status}")


def _told(message: AlarmMessage) -> dict[str, object]:
    at = message.at.isoformat() if message.at else None
    if message.what == TEST:
        return {"type": "test", "timestamp": at, "data": {}}
    told = {
        "alarm": message.alarm,
        "lack": message.lack,
        "station": "" if message.is_group else message.code,
        "district": district_of(message.code) if message.is_group else "",
        "short_name": message.station,
        "on_duty": 0 if message.is_group else message.on_duty,
        "stations": message.on_duty if message.is_group else 1 if message.code else 0,
        "wanted": message.wanted,
        "since": message.since.isoformat() if message.since else None,
        "reason": message.why,
        "could_come": list(message.could_come),
    }
    return {"type": f"alarm.{message.what}", "timestamp": at, "data": told}
