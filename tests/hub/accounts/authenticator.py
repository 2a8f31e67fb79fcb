"""A device that keeps passkeys (ES256), as far as a hub sees it; each lie it can tell is an argument."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from hub.accounts.ceremony import Place

PRESENT, LOOKED_AT, KEY_FOLLOWS = 0x01, 0x04, 0x40


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Authenticator:
    place: Place
    credential: bytes = b"a device's own name"
    uses: int = 0
    looks: bool = True
    owner: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, wanted: str, **lies: Any) -> str:
        """Answer `navigator.credentials.create`."""
        asked = json.loads(wanted)
        self.owner = base64.urlsafe_b64decode(asked["user"]["id"] + "===").decode()
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        named = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(cose)
        told = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._state(KEY_FOLLOWS) + named})
        client = self._client("webauthn.create", asked["challenge"], **lies)
        return self._answer({"clientDataJSON": packed(client), "attestationObject": packed(told)})

    def show(self, wanted: str, *, owner: str | None = None, **lies: Any) -> str:
        """Answer `navigator.credentials.get`."""
        self.uses += 1
        state, client = self._state(0), self._client("webauthn.get", json.loads(wanted)["challenge"], **lies)
        signed = self.key.sign(state + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": packed(client), "authenticatorData": packed(state), "signature": packed(signed)}
        return self._answer(said | {"userHandle": packed((self.owner if owner is None else owner).encode())})

    def _state(self, flags: int) -> bytes:
        flags |= PRESENT | (LOOKED_AT if self.looks else 0)
        return hashlib.sha256(self.place.host.encode()).digest() + struct.pack(">BI", flags, self.uses)

    def _client(self, kind: str, challenge: str, origin: str = "") -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or self.place.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = packed(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
