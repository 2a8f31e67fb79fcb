"""Who somebody is, by the word of a city's own identity service (OpenID Connect Core 1.0, by code with PKCE).

Calls block. What checks signatures is loaded where a city has such a service.

IssuerError            what came does not say who somebody is
└── IssuerAwayError    it could not be asked: later it may be
"""

import base64
import hashlib
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from hub.accounts.issuer_calls import CallError, RefusedError, call
from hub.config import OidcConfig
from hub.errors import HubError
from hub.saying import say
from station.errors import ConfigError

KNOWN_S: Final = 3600.0
"""So long its addresses and keys are believed without being read again."""
ALIVE_S: Final = 10.0
"""Who answered so lately is taken to be there: a browser is sent to nobody who is away."""
KEPT_S: Final = 24 * 3600.0
"""So long its keys are believed where it shows none just now, though it gives identities."""
AGAIN_S: Final = 0.2  # a connection that was cut is made anew, once: a service that is started anew, a line
KEYS_AGAIN_S: Final = 60.0  # an answer by a key that is not known reads them anew, and no oftener than this
AWAY_S: Final = 3.0  # who did not answer is not asked again at once: a hundred browsers would wait for it in a row
LEEWAY_S: Final = 60  # two clocks
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")  # never `none`, nor one by a shared secret
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST_SUBJECT: Final = 255  # OpenID Connect Core, 2


class IssuerError(HubError):
    """What came does not say who somebody is; the text says why, for the log."""


class IssuerAwayError(IssuerError):
    """It does not answer, or not as one that can be believed."""


@dataclass(frozen=True, slots=True)
class SentAway:
    """What one browser is sent away with, and comes back with."""

    back: str
    """Where to: this hub's own address, which the service knows."""
    state: str
    nonce: str
    verifier: str


class Issuer:
    """Belongs to a hub; may be asked from several threads.

    Raises:
        ConfigError: the secret cannot be read.
    """

    def __init__(self, config: OidcConfig) -> None:
        self.name = config.issuer
        self._config = config
        self._secret = _read_secret(config.secret_file)
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {}
        self._keys: Any = None
        self._known_s = self._keys_s = self._away_s = float("-inf")

    def address(self, asking: SentAway, *, anew: bool = False) -> str:
        """Return where a browser is to go, of a service that answered a moment ago.

        Args:
            asking: what it is sent away with.
            anew: they are to say there who they are, also where they said it before.

        Raises:
            IssuerAwayError: the service does not say where.
        """
        digest = hashlib.sha256(asking.verifier.encode()).digest()
        asked = {
            "response_type": "code", "scope": "openid", "client_id": self._config.client_id,
            "redirect_uri": asking.back, "state": asking.state, "nonce": asking.nonce, "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        }  # fmt: skip
        if anew:
            asked["prompt"] = "login"
        at = str(self._metadata(ALIVE_S)["authorization_endpoint"])
        return f"{at}{'&' if urlsplit(at).query else '?'}{urlencode(asked)}"

    def subject(self, asking: SentAway, code: str, said_by: str, now_s: int) -> str:
        """Return whom a code is of, as the service calls them.

        Args:
            asking: what the browser was sent away with.
            code: what it came back with.
            said_by: which service it says it comes from (RFC 9207); empty where it does not say.
            now_s: now.

        Raises:
            IssuerError: it is of nobody, or not for this hub, this browser and now.
        """
        says = self._metadata().get("authorization_response_iss_parameter_supported") is True
        if said_by != self.name and (said_by or says):
            raise IssuerError(f"the browser comes from {said_by[:200]!r}")
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": asking.back,
            "code_verifier": asking.verifier,
        }  # fmt: skip
        more, headers = self._proof()
        try:
            token = call(self._metadata()["token_endpoint"], form | more, headers)
        except RefusedError as exc:
            raise IssuerError(f"no token for the code: it {exc}") from exc
        except CallError as exc:
            raise IssuerAwayError(f"no token for the code: it {exc}") from exc
        said = token.get("id_token") if isinstance(token, dict) else None
        if not isinstance(said, str):
            raise IssuerError("an answer without an identity")
        return self._read(said, asking.nonce, now_s)

    def _read(self, said: str, nonce: str, now_s: int) -> str:
        from joserfc.errors import JoseError  # noqa: PLC0415 -- see above
        from joserfc.jwt import JWTClaimsRegistry  # noqa: PLC0415

        own = self._config.client_id
        wanted = JWTClaimsRegistry(
            now_s, LEEWAY_S, iss={"essential": True, "value": self.name}, aud={"essential": True, "value": own},
            exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )  # fmt: skip
        try:
            claims = self._decode(said)
            wanted.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as exc:
            raise IssuerError(f"an identity that does not hold: {type(exc).__name__}: {exc}"[:300]) from exc
        for_others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if for_others else own) != own:
            raise IssuerError("an identity that was given to another client")
        subject = str(claims["sub"])
        if len(subject) > LONGEST_SUBJECT:
            raise IssuerError("an identity that is too long")
        return subject

    def _decode(self, said: str) -> dict[str, Any]:
        """By a key that is known; by one that is new, as when the service changed its own."""
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.errors import InvalidKeyIdError  # noqa: PLC0415

        try:
            found = jwt.decode(said, self._key_set(again=False), algorithms=list(ALGORITHMS))
        except InvalidKeyIdError:
            found = jwt.decode(said, self._key_set(again=True), algorithms=list(ALGORITHMS))
        return dict(found.claims)

    def _proof(self) -> tuple[dict[str, str], dict[str, str]]:
        """What the hub proves itself by: more of the form, and headers (RFC 6749, 2.3.1)."""
        secret, name = self._secret, self._config.client_id
        if not secret:
            return {"client_id": name}, {}
        ways = self._metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            return {"client_id": name, "client_secret": secret}, {}
        both = f"{quote_plus(name)}:{quote_plus(secret)}".encode()
        return {}, {"Authorization": f"Basic {base64.b64encode(both).decode()}"}

    def _metadata(self, within_s: float = KNOWN_S) -> dict[str, Any]:
        with self._lock:
            if time.monotonic() - self._known_s > within_s:
                found = self._fetch(f"{self.name.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.name:
                    raise IssuerAwayError(f"{self.name} calls itself {str(found.get('issuer'))[:200]!r}")
                for name in ENDPOINTS:
                    if not is_safe(str(found.get(name, "")), is_here=self.name.startswith("http://")):
                        raise IssuerAwayError(f"{self.name} has no {name} that can be asked safely")
                self._known, self._known_s = found, time.monotonic()
            return self._known

    def _key_set(self, *, again: bool) -> Any:
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415

        address = self._metadata()["jwks_uri"]
        with self._lock:
            age_s = time.monotonic() - self._keys_s
            if age_s > (KEYS_AGAIN_S if again else KNOWN_S):
                try:
                    shown = self._fetch(address)
                except IssuerAwayError:
                    if again or age_s > KEPT_S:
                        raise
                    return self._keys
                try:
                    self._keys = KeySet.import_key_set({"keys": [one for one in shown["keys"] if _is_public(one)]})
                except (JoseError, KeyError, ValueError, TypeError) as exc:
                    raise IssuerAwayError(f"{self.name} shows keys that cannot be read: {exc}"[:300]) from exc
                self._keys_s = time.monotonic()
            return self._keys

    def _fetch(self, address: str) -> dict[str, Any]:
        if time.monotonic() - self._away_s < AWAY_S:
            raise IssuerAwayError(f"{address} did not answer a moment ago")
        try:
            found = _call_twice(address)
        except CallError as exc:
            self._away_s = time.monotonic()
            raise IssuerAwayError(f"{address} cannot be read: it {exc}") from exc
        if not isinstance(found, dict):
            raise IssuerAwayError(f"{address} has nothing that can be read")
        return found


def _call_twice(address: str) -> Any:
    """Once more, where it failed at once: who let the hub wait would let it wait again."""
    began_s = time.monotonic()
    try:
        return call(address)
    except CallError:
        if time.monotonic() - began_s > 1:
            raise
    time.sleep(AGAIN_S)
    return call(address)


def _read_secret(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as exc:
        raise ConfigError(say("oidc.secret_file {file} cannot be read: {exc}", file=file, exc=exc)) from exc
    if not secret:
        raise ConfigError(say("oidc.secret_file {file} is empty; wanted is the secret that the issuer gave", file=file))
    return secret


def is_safe(address: str, *, is_here: bool) -> bool:
    """Whether an address can be asked safely: over TLS, or at this machine where the service itself is here."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "http":
        return is_here and host in {"127.0.0.1", "::1", "localhost"}
    return parts.scheme == "https" and bool(host) and not parts.fragment


def _is_public(key: Any) -> bool:
    """Whether a key proves something to who only sees it, and is for signing."""
    return isinstance(key, dict) and key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"
