"""Fetches what the hub offers, over HTTPS or from a stick, by the client of The Update Framework.

The hub is believed by the site's CA, and knows the kiosk by its certificate; what it offers is believed by its own
keys, which are in the prepared folder or learned at the first visit over that line, and followed where they change.
Runs in the slot's own environment.
"""

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tuf.api.exceptions import DownloadError, DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from deploy.installing.commands import Refusal
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.folder import read_settings
from deploy.kiosk.updater.between import NotNow

OFFER: Final = "kiosk.json"
PORT: Final = 8884
RENEWED: Final = Path(machine.HOME) / "identities/held"  # where the agent keeps a certificate that was renewed
_CHUNK: Final = 1 << 16
_PATIENCE_S: Final = 60.0


class OfferFetcher(FetcherInterface):
    """From a folder of a stick, or from the hub over the line."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            with urllib.request.urlopen(url, timeout=_PATIENCE_S, context=self._context) as answer:  # noqa: S310 -- ours
                while chunk := answer.read(_CHUNK):
                    yield chunk
        except urllib.error.HTTPError as exc:
            raise DownloadHTTPError(f"{url}: {exc.code}", exc.code) from exc
        except urllib.error.URLError as exc:
            if isinstance(exc.reason, FileNotFoundError):
                raise DownloadHTTPError(f"{url} is not there", 404) from exc
            raise DownloadError(f"{url}: {exc.reason}") from exc
        except (OSError, http.client.HTTPException) as exc:  # the line broke in the middle
            raise DownloadError(f"{url}: {exc}") from exc


def fetch(folder: Path | None, kept: Path) -> Path:
    """The bundle that is offered, in a folder of its own; `kept` is where what was seen before lies.

    Raises:
        NotNow: the line, or the hub behind it, does not give it.
        Refusal: nothing is offered, or what is cannot be believed.
    """
    if folder is None:
        identity = machine.SETTINGS.parent / "identity"
        host = read_settings(machine.SETTINGS).get("broker", {}).get("host", "")
        base = f"https://{f'[{host}]' if ':' in host else host}:{PORT}/updates"
        context = ssl.create_default_context(cafile=str(identity / "ca.crt"))
        own = RENEWED if (RENEWED / "kiosk.key").exists() else identity
        context.load_cert_chain(own / "kiosk.crt", own / "kiosk.key")
    else:
        base, context = folder.resolve().as_uri(), None
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    fetcher = OfferFetcher(context)
    try:
        updater = Updater(
            str(kept), f"{base}/metadata", str(kept), f"{base}/targets", fetcher=fetcher,
            bootstrap=_root(kept, fetcher, base, is_line=folder is None),
        )  # fmt: skip
        updater.refresh()
        return Path(_download(updater, json.loads(Path(_download(updater, OFFER)).read_bytes())["bundle"]))
    except ExpiredMetadataError as exc:
        raise Refusal("what is offered was said too long ago; copy it anew at the hub") from exc
    except DownloadError as exc:
        raise (NotNow if folder is None else Refusal)(f"nothing can be fetched: {exc}") from exc
    except (RepositoryError, ValueError, KeyError, TypeError) as exc:
        raise Refusal(f"what is offered cannot be believed: {exc}") from exc


def _download(updater: Updater, name: str) -> str:
    found = updater.get_targetinfo(name)
    if found is None:
        raise Refusal(f"{name} is not offered")
    return updater.download_target(found)


def _root(kept: Path, fetcher: OfferFetcher, base: str, *, is_line: bool) -> bytes | None:
    """The first keys, where the folder had none: learned over the line alone; None where they are known."""
    if (kept / "root.json").exists():
        return None
    if not is_line:
        raise Refusal("this kiosk has never heard from its hub whom to believe; update it once over the line")
    return fetcher.download_bytes(f"{base}/metadata/1.root.json", 1 << 20)
