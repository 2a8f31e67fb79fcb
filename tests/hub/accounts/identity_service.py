"""A city's identity service, as small as one can be: it signs real tokens, and each lie it can tell is a claim."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, quote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from hub.accounts.reception import now_ms
from hub.config import OidcConfig

if TYPE_CHECKING:
    from pathlib import Path

CLIENT, SECRET = "zaigang", "a secret of the service"


class IdentityService:
    """Listens on loopback; a person's consent is `grant`."""

    def __init__(self, folder: Path) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "1", "use": "sig", "alg": "ES256"})
        self.shown = self.key
        self.codes: dict[str, tuple[dict[str, str], str]] = {}
        self.lies: dict[str, Any] = {}
        self.is_unsigned = False
        self.wants_form = False
        self.more: dict[str, Any] = {}
        self.leads_to = ""
        self.fails: list[str] = []
        """Paths that are answered 500, each as often as it stands here."""
        self.held = threading.Event()
        self.held.set()
        self.asked: list[str] = []
        secret = folder / "oidc.secret"
        secret.write_text(f"{SECRET}\n", encoding="utf-8")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.name = f"http://127.0.0.1:{self._server.server_port}"
        self.config = OidcConfig(self.name, CLIENT, secret)
        self._thread = threading.Thread(target=self._server.serve_forever, name="identity service")
        self._thread.start()

    def close(self) -> None:
        self.held.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def grant(self, address: str, subject: str) -> dict[str, str]:
        """What a browser that was sent to an address comes back with, once somebody said there who they are."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT, "code", "openid")
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked, subject
        return {"state": asked["state"], "code": code}

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        proven = base64.b64encode(f"{CLIENT}:{quote_plus(SECRET)}".encode()).decode()
        is_proven = form.get("client_secret") == SECRET if self.wants_form else authorization == f"Basic {proven}"
        if not is_proven:
            return 401, {"error": "invalid_client"}
        asked, subject = self.codes.pop(form.get("code", ""), ({}, ""))
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        if not asked or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = now_ms() // 1000
        claims = {"iss": self.name, "aud": CLIENT, "sub": subject, "nonce": asked["nonce"], "iat": now, "exp": now + 60}
        claims = {name: value for name, value in (claims | self.lies).items() if value is not None}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.is_unsigned:
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."
            )
        if isinstance(self.key, OctKey):
            return jwt.encode({"alg": "HS256", "kid": "1"}, claims, self.key, algorithms=["HS256"])
        alg = "RS256" if isinstance(self.key, RSAKey) else "ES256"
        return jwt.encode({"alg": alg, "kid": str(self.key.kid)}, claims, self.key)

    def _handler(service: Any) -> type[BaseHTTPRequestHandler]:  # noqa: N805 -- the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(self.path)
                service.held.wait(60)
                if self.path in service.fails:
                    service.fails.remove(self.path)
                    self._say(500, {})
                    return
                if service.leads_to:
                    self.send_response(302)
                    self.send_header("Location", service.leads_to)
                    self.end_headers()
                    return
                if self.path == "/jwks":
                    self._say(200, KeySet([service.shown]).as_dict(private=False))
                    return
                at = service.name
                self._say(
                    200,
                    {
                        "issuer": at,
                        "authorization_endpoint": f"{at}/authorize",
                        "token_endpoint": f"{at}/token",
                        "jwks_uri": f"{at}/jwks",
                        **service.more,
                    },
                )

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._say(*service._token(form, self.headers.get("Authorization", "")))

            def _say(self, status: int, said: dict[str, Any]) -> None:
                raw = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None: ...

        return Handler
