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
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, Root
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from deploy.installing.commands import NotDone
from deploy.kiosk.installer import machine
from deploy.kiosk.installer.folder import read_settings
from deploy.kiosk.updater.between import NotNow
from deploy.kiosk.updater.identity import let_in

OFFER: Final = "kiosk.json"
PORT: Final = 8884
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
        NotNow: the line, the hub behind it or a clock does not give it.
        NotDone: nothing is offered, or what is cannot be believed.
    """
    base, context = _hub() if folder is None else (_stick(folder), None)
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    fetcher = OfferFetcher(context)
    try:
        updater = Updater(
            str(kept), f"{base}/metadata", str(kept), f"{base}/targets", fetcher=fetcher,
            bootstrap=_root(kept, fetcher, base, is_line=folder is None),
        )  # fmt: skip
        updater.refresh()
        return Path(_download(updater, json.loads(Path(_download(updater, OFFER)).read_bytes())["bundle"]))
    except DownloadError as exc:
        said = f"nothing can be fetched: {exc}"
        raise (NotNow if folder is None else NotDone)(said) from exc
    except ExpiredMetadataError as exc:
        if folder is None:  # the hub says it anew each day, so one of the two clocks is wrong
            today = datetime.now(UTC).date()
            raise NotNow(f"what is offered was said too long ago for the clock here, which says {today}") from exc
        raise NotDone("what is offered was said too long ago; copy it anew at the hub") from exc
    except BadVersionNumberError as exc:
        if folder is None:  # a hub that was put back from a backup, until it says anew what it offers
            raise NotNow("the hub says less than it has said before; offer the version there once more") from exc
        raise NotDone("what is offered is older than what this kiosk has seen; copy it anew at the hub") from exc
    except LengthOrHashMismatchError as exc:
        raise NotDone("what is offered is not what the hub signed; copy it again") from exc
    except UnsignedMetadataError as exc:
        raise NotDone("what is offered is of another hub than this kiosk's") from exc
    except (RepositoryError, ValueError, KeyError, TypeError) as exc:
        raise NotDone(f"what is offered cannot be believed: {exc}") from exc


def _hub() -> tuple[str, ssl.SSLContext]:
    identity = machine.SETTINGS.parent / "identity"
    host = read_settings(machine.SETTINGS).get("broker", {}).get("host", "")
    context = ssl.create_default_context(cafile=str(identity / "ca.crt"))
    let_in(context, identity)
    return f"https://{f'[{host}]' if ':' in host else host}:{PORT}/updates", context


def _stick(folder: Path) -> str:
    if not (folder / "metadata").is_dir():
        found = f"{folder} holds no update; wanted is the folder zaigang-update that zaigang-hub update copy wrote"
        raise NotDone(found)
    return folder.resolve().as_uri()


def _download(updater: Updater, name: str) -> str:
    found = updater.get_targetinfo(name)
    if found is None:
        raise NotDone(f"{name} is not offered")
    return updater.download_target(found)


def _root(kept: Path, fetcher: OfferFetcher, base: str, *, is_line: bool) -> bytes | None:
    """The first keys, where the folder had none: learned over the line alone; None where they are known.

    A file that power has spoilt says nobody: the client's own writing does not wait for the disk.
    """
    with suppress(OSError, RepositoryError, ValueError):
        Metadata[Root].from_file(str(kept / "root.json"))
        return None
    if not is_line:
        raise NotDone("this kiosk has never heard from its hub whom to believe; update it once over the line")
    return fetcher.download_bytes(f"{base}/metadata/1.root.json", 1 << 20)
