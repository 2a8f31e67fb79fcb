"""The version of the kiosks' program that this hub offers, as a repository of The Update Framework (TUF, spec 1.0).

A kiosk takes no version before one that it has seen offered, none whose metadata has expired, and follows the keys
where they change. Bundles stay signed by who made them: this says which of them this city runs. What kiosks may read
lies in `public`; what is written there is whole at every moment, and the timestamp comes last.

What is said later bears a larger number, also by a hub that was put back from a backup: kiosks believe nothing that is
numbered below what they have seen. So the numbers are moments, in seconds since 1970; but for the root's, which kiosks
follow one by one.
"""

import fcntl
import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from hub.data_dir import OWN_USERS_TO_READ, make_data_dir
from hub.durable_file import write_new, write_over
from hub.errors import HubError
from hub.saying import as_said, say
from station.version import rank

FOLDER: Final = "updates"
LOCK: Final = "lock"
OFFER: Final = "kiosk.json"  # the target that says which version kiosks run
ROLES: Final = ("root", "targets", "snapshot", "timestamp")
LASTS: Final[Mapping[str, timedelta]] = {
    "root": timedelta(days=5 * 365), "targets": timedelta(days=2 * 365), "snapshot": timedelta(days=30),
    "timestamp": timedelta(days=30),
}  # fmt: skip
"""How long each role's word holds. The serving hub says the last two anew each day; no stick may be older than they."""
RENEW_EVERY: Final = timedelta(days=1)
MOST_MANIFEST: Final = 1 << 20  # bytes
KEPT: Final = 3  # of what was said before: a kiosk may be in the middle of reading it


class OfferError(HubError):
    """A version cannot be offered; the text says why."""


class UpdateShelf:
    """What is offered.

    Args:
        data_dir: the hub's.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir, self._folder = data_dir, data_dir / FOLDER
        self._keys = self._folder / "keys"
        self.public = self._folder / "public"
        self._metadata, self._targets = self.public / "metadata", self.public / "targets"

    @property
    def offered(self) -> str:
        """The version; empty where none was ever offered, or its bundle is gone: a backup holds the keys alone."""
        try:
            said = json.loads((self._folder / OFFER).read_bytes())
            version, bundle = str(said["version"]), str(said["bundle"])
        except (OSError, ValueError, KeyError):
            return ""
        return version if any(self._targets.glob(f"*.{bundle}")) else ""

    def offer(self, bundle: Path, now: datetime) -> str:
        """Offer this bundle from now on, and no other; its version.

        Raises:
            OfferError: it is no kiosk's bundle, or older than what is offered.
            OSError: it cannot be kept.
        """
        version = version_of(bundle)
        if self.offered and rank(version) < rank(self.offered):
            raise OfferError(
                say(
                    "{offered} is offered, and {version} is older; a kiosk takes no step back",
                    offered=self.offered,
                    version=version,
                )
            )
        self._make(now)
        name = f"zaigang-kiosk-{version}.tar"
        offer = json.dumps({"version": version, "bundle": name}).encode()
        kept = {name: bundle.read_bytes(), OFFER: offer}
        files = {f"{hashlib.sha256(body).hexdigest()}.{path}": body for path, body in kept.items()}
        with self._alone():
            for path, body in files.items():
                write_over(self._targets / path, body)
            targets = self._newest("targets", Targets(expires=now))
            targets.signed.targets = {path: TargetFile.from_data(path, body) for path, body in kept.items()}
            self._sign(targets, "targets", now)
            self._say_anew(now)
            write_over(self._folder / OFFER, offer)
            for old in self._targets.iterdir():
                if old.name not in files:
                    old.unlink()
        return version

    def root(self, now: datetime) -> bytes:
        """By which a kiosk knows whom to believe of what is offered; it follows the keys from there."""
        self._make(now)
        return self._newest("root", None).to_bytes()

    def renew(self, now: datetime, *, anyway: bool = False) -> bool:
        """Say anew that it holds, where that was said a day ago, or long after now, or anyway; whether it was."""
        if not self.offered:
            return False
        expires: datetime = Metadata.from_file(str(self._metadata / "timestamp.json")).signed.expires
        if not anyway and LASTS["timestamp"] - RENEW_EVERY < expires - now <= LASTS["timestamp"]:
            return False
        with self._alone():
            self._say_anew(now)
        return True

    def rotate(self, now: datetime) -> None:
        """Take new keys for every role; kiosks follow, for the old root key says who comes after it.

        Raises:
            OfferError: there are none yet.
        """
        self.want_offer()
        with self._alone():
            root, old = self._newest("root", None), self._signer("root")
            for role in ROLES:
                for keyid in list(root.signed.roles[role].keyids):
                    root.signed.revoke_key(keyid, role)
                root.signed.add_key(self._fresh_key(role).public_key, role)
            root.signed.version += 1
            root.signed.expires = now + LASTS["root"]
            root.sign(self._signer("root"))
            root.sign(old, append=True)
            write_over(self._metadata / f"{root.signed.version}.root.json", root.to_bytes())
            self._sign(self._newest("targets", None), "targets", now)
            self._say_anew(now)

    def copy_to(self, folder: Path) -> Path:
        """Everything that a kiosk wants, for a stick; where it lies.

        Raises:
            OfferError: nothing is offered, or it cannot be written there.
        """
        self.want_offer()
        try:
            return Path(shutil.copytree(self.public, folder / "zaigang-update", dirs_exist_ok=True))
        except OSError as exc:
            wanted = "a folder that the hub's own user may make, as under /var/lib/zaigang; from there root copies it"
            raise OfferError(
                say(
                    "{folder} cannot be written: {why}; wanted is {wanted}",
                    folder=folder,
                    why=as_said(exc.strerror or str(exc)),
                    wanted=as_said(wanted),
                )
            ) from exc

    def want_offer(self) -> None:
        """Something is.

        Raises:
            OfferError: nothing is offered.
        """
        if not self.offered:
            raise OfferError("nothing is offered yet; first: zaigang-hub update offer BUNDLE")

    def _make(self, now: datetime) -> None:
        """Keys and the first root, where there is none."""
        for each in (self._data_dir, self._folder, self._keys, self.public, self._metadata, self._targets):
            make_data_dir(each)  # a backup has no bundles, nor a folder of theirs
        if (self._metadata / "1.root.json").exists():
            return
        root = Metadata(Root(consistent_snapshot=True, expires=now + LASTS["root"]))
        for role in ROLES:
            root.signed.add_key(self._fresh_key(role).public_key, role)
        root.sign(self._signer("root"))
        write_over(self._metadata / "1.root.json", root.to_bytes())

    def _say_anew(self, now: datetime) -> None:
        """Snapshot and timestamp, of the targets that were signed last."""
        snapshot = self._newest("snapshot", Snapshot(expires=now))
        snapshot.signed.meta["targets.json"] = MetaFile(self._newest("targets", None).signed.version)
        self._sign(snapshot, "snapshot", now)
        timestamp = self._newest("timestamp", Timestamp(expires=now))
        timestamp.signed.snapshot_meta = MetaFile(snapshot.signed.version)
        self._sign(timestamp, "timestamp", now)
        for old in (*self._said("snapshot")[:-KEPT], *self._said("targets")[:-KEPT]):
            old.unlink()

    def _newest(self, role: str, first: Any) -> "Metadata[Any]":
        """What was signed last for a role, or else `first`."""
        if role == "timestamp":
            found = [path for path in [self._metadata / "timestamp.json"] if path.exists()]
        else:
            found = self._said(role)
        return Metadata.from_file(str(found[-1])) if found else Metadata(first)

    def _said(self, role: str) -> list[Path]:
        return sorted(self._metadata.glob(f"*.{role}.json"), key=lambda path: int(path.name.split(".")[0]))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Who types at the terminal and the hub that serves do not write at once."""
        with (self._folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _sign(self, metadata: "Metadata[Any]", role: str, now: datetime) -> None:
        metadata.signed.version = max(metadata.signed.version + bool(metadata.signatures), int(now.timestamp()))
        metadata.signed.expires = now.replace(microsecond=0) + LASTS[role]
        metadata.sign(self._signer(role))
        name = f"{role}.json" if role == "timestamp" else f"{metadata.signed.version}.{role}.json"
        write_over(self._metadata / name, metadata.to_bytes())

    def _fresh_key(self, role: str) -> CryptoSigner:
        """One more key for a role; the newest signs."""
        number = len(list(self._keys.glob(f"{role}.*.key"))) + 1
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_new(self._keys / f"{role}.{number}.key", pem)
        return CryptoSigner(key)

    def _signer(self, role: str) -> CryptoSigner:
        newest = max(self._keys.glob(f"{role}.*.key"), key=lambda path: int(path.name.split(".")[1]))
        key = serialization.load_pem_private_key(newest.read_bytes(), None)
        assert isinstance(key, Ed25519PrivateKey)
        return CryptoSigner(key)


def version_of(bundle: Path) -> str:
    """The version of a kiosk's bundle.

    Raises:
        OfferError: it is none.
    """
    wanted = "wanted is a zaigang-kiosk-VERSION.tar, as make bundle makes it"
    try:
        with tarfile.open(bundle, "r:") as tar:
            stream = tar.extractfile("manifest.json")
            assert stream is not None
            manifest = json.loads(stream.read(MOST_MANIFEST))
        name, version = manifest["name"], str(manifest["version"])
    except PermissionError as exc:
        raise OfferError(
            say(
                "{bundle} may not be read; wanted is {wanted}",
                bundle=bundle,
                wanted=as_said(OWN_USERS_TO_READ),
            )
        ) from exc
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError, AssertionError, RecursionError) as exc:
        raise OfferError(say("{bundle} cannot be read; {wanted}", bundle=bundle, wanted=as_said(wanted))) from exc
    if name != "zaigang-kiosk":
        raise OfferError(say("{bundle} is a {name!r}; {wanted}", bundle=bundle, name=name, wanted=as_said(wanted)))
    return version
