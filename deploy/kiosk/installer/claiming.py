"""Makes a prepared folder out of a code that the hub's office told: the key is made here, and never leaves.

The hub is believed by the site's CA alone, and that by a file or by its fingerprint, which came with the code. What
the hub refuses leaves nothing behind; where its answer was lost, the same line asks again with the same key.
"""

import hashlib
import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from deploy.installing.commands import NotDone
from deploy.installing.files import sync, write

PORT: Final = 8884
PIN_DIGITS: Final = 32  # 128 bits of SHA-256: nobody makes another CA with the same
CODE_DIGITS: Final = 8
WANTED: Final = frozenset({"kiosk.toml", "identity/ca.crt", "identity/kiosk.crt", "identity/site.key"})
_PATIENCE_S: Final = 30.0
_MOST_BYTES: Final = 64 * 1024
_PEM: Final = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*")


class NotTheHub(NotDone):
    """Who answers is another, and was told nothing."""


@dataclass(frozen=True, slots=True)
class ClaimWish:
    """What stands on the sheet.

    Attributes:
        hub: a name or address, and a port where it is another than usual.
        ca: a file with the site's CA, or its fingerprint.
    """

    kiosk: str
    code: str = field(repr=False)
    hub: str
    ca: str

    def __post_init__(self) -> None:
        """See that it can be one.

        Raises:
            NotDone: something was not typed whole.
        """
        missing = [f"--{name}" for name in ("kiosk", "hub", "ca") if not getattr(self, name)]
        if missing:
            raise NotDone(f"with --claim {' and '.join(missing)} must be given; type the whole line of the sheet")
        if len(self.digits) != CODE_DIGITS:
            raise NotDone(f"the code has {len(self.digits)} digits; wanted are {CODE_DIGITS}, as on the sheet")
        if not Path(self.ca).is_file() and len(self.pin) < PIN_DIGITS:
            raise NotDone(f"--ca is neither a file nor {PIN_DIGITS} hex digits; type it as on the sheet")

    @property
    def digits(self) -> str:
        """The code without what people put between."""
        return re.sub(r"[\s-]", "", self.code) if re.fullmatch(r"[\d\s-]+", self.code, re.ASCII) else ""

    @property
    def pin(self) -> str:
        """The fingerprint without what people put between; empty where it is none."""
        digits = re.sub(r"[\s:-]", "", self.ca).lower()
        return digits if re.fullmatch("[0-9a-f]{32,64}", digits) else ""

    @property
    def address(self) -> tuple[str, int]:
        """Where the hub answers kiosks."""
        host, port = self.hub, ""
        if self.hub.count(":") == 1 or self.hub.startswith("["):
            host, _, port = self.hub.rpartition(":")
        return host.strip("[]"), int(port) if port.isdigit() else PORT


def claim(wish: ClaimWish, beside: Path, into: Path) -> None:
    """Write a folder as the hub prepares one.

    Args:
        wish: what was typed.
        beside: where program and install script lie.
        into: the folder; the key lies next to it until the install has ended.

    Raises:
        NotDone: the hub does not give it, or is not the hub.
        OSError: the disk does not take it.
    """
    ca = authority(wish)
    key = into.with_name("claim.key")
    is_new = not key.is_file()
    if is_new:
        write(key, _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"), 0o600)
        sync(key.parent)
    request = _openssl("req", "-new", "-key", str(key), "-subj", f"/CN={wish.kiosk}").decode()
    body = json.dumps({"kiosk": wish.kiosk, "code": wish.digits, "request": request})
    context = ssl.create_default_context(cadata=ca)
    try:
        status, said = _ask(wish, context, "POST", "/claim", body)
    except NotTheHub:  # it has signed nothing, so the key is nobody's
        if is_new:
            key.unlink()
        raise
    try:
        answer = json.loads(said)
        if status != http.client.OK:
            if is_new:  # an older one may be what the hub has signed
                key.unlink()
            raise NotDone(f"{answer['zh']}；{answer['detail']}")
        files = {name: str(answer["files"][name]) for name in WANTED}
    except (ValueError, KeyError, TypeError) as exc:
        raise NotDone(f"{wish.hub} answers, but is no hub that gives codes out ({status}); look at --hub") from exc
    shutil.rmtree(into, ignore_errors=True)
    (into / "identity").mkdir(parents=True, mode=0o700)
    for name, content in files.items():
        write(into / name, content.encode(), 0o600)
    write(into / "identity" / "kiosk.key", key.read_bytes(), 0o600)
    for path in (beside / "install", next(beside.glob("zaigang-kiosk-*.tar"))):
        (into / path.name).symlink_to(path)


def forget(into: Path) -> None:
    """Take away what `claim` made, once it is installed."""
    shutil.rmtree(into, ignore_errors=True)
    into.with_name("claim.key").unlink(missing_ok=True)


def authority(wish: ClaimWish) -> str:
    """The site's CA, PEM; what the hub says of it counts by its fingerprint alone."""
    if not wish.pin:
        said, where = Path(wish.ca).read_text(encoding="ascii", errors="replace"), wish.ca
    else:
        anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # it is told nothing; what it says is looked at below
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        status, content = _ask(wish, anybody, "GET", "/claim/ca.crt")
        said, where = content.decode("ascii", "replace") if status == http.client.OK else "", wish.hub
    if _PEM.fullmatch(said) is None:
        raise NotDone(f"{where} holds no certificate; look at --ca and --hub")
    found = hashlib.sha256(ssl.PEM_cert_to_DER_cert(said.strip())).hexdigest()
    if wish.pin and not found.startswith(wish.pin):
        raise NotDone(f"{wish.hub} is not the hub of the sheet: its CA is {found[:PIN_DIGITS]}; nothing was told to it")
    return said


def _ask(
    wish: ClaimWish, context: ssl.SSLContext, method: str, path: str, body: str | None = None
) -> tuple[int, bytes]:
    host, port = wish.address
    line = http.client.HTTPSConnection(host, port, timeout=_PATIENCE_S, context=context)
    try:
        line.request(method, path, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        return answer.status, answer.read(_MOST_BYTES)
    except ssl.SSLCertVerificationError as exc:
        said = f"{wish.hub} has no certificate of the sheet's CA under that name; nothing was told to it"
        raise NotTheHub(said) from exc
    except (OSError, http.client.HTTPException) as exc:
        raise NotDone(
            f"{wish.hub} port {port} does not answer ({_reason(exc)}); then type the same line again"
        ) from exc
    finally:
        line.close()


def _reason(exc: Exception) -> str:
    return "no such name" if isinstance(exc, socket.gaierror) else getattr(exc, "strerror", None) or str(exc)


def _openssl(*words: str) -> bytes:
    try:
        return subprocess.run(["openssl", *words], capture_output=True, check=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError) as exc:
        raise NotDone(f"no key can be made: {exc}; first: apt-get install openssl") from exc
