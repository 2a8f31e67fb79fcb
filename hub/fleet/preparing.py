"""The folder with which a kiosk is set up, offline: identity, settings, the program, and the seed of its first boot.

It is for a stick or the boot partition of a memory card, which have no owners: whoever holds it can be that kiosk, so
it is made for one, erased by the kiosk's own install, and made void by making another.
"""

import json
import tarfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from hub.certificates.authority import reached_by
from hub.certificates.cabinet import Cabinet, CertificateError
from hub.config import HubConfig
from hub.data_dir import OWN_USERS_TO_READ, DataDirError, make_data_dir
from hub.durable_file import write_over
from hub.errors import HubError
from hub.fleet.first_boot import seed_of
from hub.fleet.setup_card import spell_setup_card
from hub.fleet.wiring import Fitted, wires_of
from hub.register.directory import KnownKiosk
from hub.saying import as_said, say
from hub.site_key import FILE_NAME as SITE_KEY
from hub.site_key import read_site_key
from hub.updates.shelf import UpdateShelf

BUNDLES: Final = (Path("/opt/zaigang/bundles"),)
BUNDLE_NAME: Final = "zaigang-kiosk-*.tar"
INSTALL: Final = "install"
READ_ONLY: Final = "read-only-root"  # a file: the kiosk's install lays memory over its root
FIRST_ROOT: Final = "updates-root.json"  # so that the first update may come on a stick too
CARD: Final = "安装卡.html"


class PrepareError(HubError):
    """The folder cannot be made; the text says what a person must do."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What only a person can say.

    Attributes:
        out: the folder, not there yet or empty.
        hub: by which name or address kiosks reach the broker; empty for the first of its certificate.
        fitted: what it has.
        bundle: the kiosk's program; None for the newest that is found, or none.
        again: make the identity void that was made before.
        call: whom the field worker calls, for the printed card.
        read_only: the kiosk's root is to be read only; it needs a partition ZAIGANG-DATA.
    """

    out: Path
    hub: str = ""
    fitted: Fitted = field(default_factory=Fitted)
    bundle: Path | None = None
    again: bool = False
    call: str = ""
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was made."""

    folder: Path
    ends_at: datetime
    bundle: str


def prepare(config: HubConfig, kiosk: KnownKiosk, station: str, wishes: Wishes, now: datetime) -> Prepared:
    """Make the folder, whole or not at all; `station` is the station's name.

    Raises:
        PrepareError: it cannot be for this kiosk, or not there.
        WiringError: no kiosk takes that lamp or that sound.
        CertificateError: there is no CA, or the broker has no certificate.
        SiteKeyError: there is no site key.
        OSError: it cannot be written.
    """
    cabinet = Cabinet(config.data_dir)
    wires_of(wishes.fitted)
    host = host_for(cabinet, wishes.hub)
    before = identities_to_end(config, kiosk, again=wishes.again)
    site_key = read_site_key(config.data_dir / SITE_KEY)
    bundle = _bundle(wishes.bundle)
    _make_empty(wishes.out)
    cabinet.revoke([identity.serial_number for identity in before], now)
    identity = cabinet.issue_kiosk(kiosk.id, now)
    files: dict[str, bytes] = {
        "kiosk.toml": first_settings(kiosk.station, kiosk.id, host, config.broker.tls_port, wishes.fitted).encode(),
        "identity/ca.crt": cabinet.certificate_file.read_bytes(),
        "identity/kiosk.crt": identity.pem,
        "identity/kiosk.key": identity.key_pem,
        "identity/site.key": site_key.hex().encode() + b"\n",
        FIRST_ROOT: UpdateShelf(config.data_dir).root(now),
        CARD: spell_setup_card(kiosk.id, station, kiosk.entrance, wishes.call, wishes.fitted).encode(),
        **seed_of(kiosk.id, identity.certificate.serial_number, config.zone),
    }
    if wishes.read_only:
        files[READ_ONLY] = b""
    if bundle is not None:
        files |= {bundle.name: bundle.read_bytes(), INSTALL: _install_in(bundle)}
    make_data_dir(wishes.out / "identity")
    for name, content in files.items():
        write_over(wishes.out / name, content)
    return Prepared(wishes.out, identity.certificate.not_valid_after_utc, bundle.name if bundle else "")


def look_ahead_preparing(config: HubConfig, wishes: Wishes) -> None:
    """Whether a folder could be made, before anything is changed for it.

    Raises:
        PrepareError: it could not be there, or for kiosks that call the hub so.
        CertificateError: there is no CA, or the broker has no certificate.
        SiteKeyError: there is no site key.
        WiringError: no kiosk takes that lamp or that sound.
    """
    wires_of(wishes.fitted)
    host_for(Cabinet(config.data_dir), wishes.hub)
    read_site_key(config.data_dir / SITE_KEY)
    _bundle(wishes.bundle)
    _make_empty(wishes.out)


def identities_to_end(config: HubConfig, kiosk: KnownKiosk, *, again: bool) -> list[x509.Certificate]:
    """What a kiosk has and would lose by another identity.

    Raises:
        PrepareError: it gets none, or has one and nobody said that it is to be void.
    """
    if kiosk.is_revoked:
        raise PrepareError(
            say("{kiosk} is revoked; wanted is a new id: zaigang-hub kiosk replace {kiosk} NEW-ID", kiosk=kiosk.id)
        )
    if kiosk.id == config.broker.username:
        raise PrepareError(say("{kiosk} is the hub's own login at the broker; wanted is another id", kiosk=kiosk.id))
    before = Cabinet(config.data_dir).good_identities(kiosk.id)
    if before and not again:
        ends = f"{before[-1].not_valid_after_utc:%Y-%m-%d}"
        found = "{kiosk} has an identity, good until {ends}; --again makes that void, and another"
        raise PrepareError(say(found, kiosk=kiosk.id, ends=ends))
    return before


def host_for(cabinet: Cabinet, asked: str) -> str:
    """By which name kiosks reach the broker; the first of its certificate where nobody asked for another.

    Raises:
        PrepareError: they would not believe a broker of that name.
        CertificateError: the broker has no certificate.
    """
    broker = cabinet.broker()
    if broker is None:
        raise CertificateError(say("the broker has no certificate; first: zaigang-hub ca issue-broker NAME"))
    names = reached_by(broker)
    if asked and asked not in names:
        wanted = say(
            "one of {names}, or first: zaigang-hub ca issue-broker {more}",
            names=", ".join(names), more=" ".join([*names, asked]),
        )  # fmt: skip
        raise PrepareError(
            say(
                "kiosks would not believe a broker at {asked}: its certificate lacks it; wanted is {wanted}",
                asked=asked,
                wanted=wanted,
            )
        )
    return asked or names[0]


def _bundle(asked: Path | None) -> Path | None:
    if asked is not None:
        try:
            is_there = asked.is_file()
            if is_there:
                asked.open("rb").close()
        except PermissionError as exc:
            raise PrepareError(
                say(
                    "{asked} may not be read; wanted is {wanted}",
                    asked=asked,
                    wanted=as_said(OWN_USERS_TO_READ),
                )
            ) from exc
        if not is_there:
            raise PrepareError(
                say("{asked} is no file; wanted is a zaigang-kiosk-VERSION.tar, as make bundle makes it", asked=asked)
            )
        return asked
    found = [path for folder in BUNDLES for path in folder.glob(BUNDLE_NAME)]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _install_in(bundle: Path) -> bytes:
    try:
        with tarfile.open(bundle) as tar:
            for member in tar:
                if member.isfile() and Path(member.name).name == INSTALL and (stream := tar.extractfile(member)):
                    return stream.read()
    except (tarfile.TarError, OSError) as exc:
        raise PrepareError(say("{bundle} cannot be read: {exc}; copy it again", bundle=bundle, exc=exc)) from exc
    raise PrepareError(
        say(
            "{bundle} has no {install}; wanted is a zaigang-kiosk-VERSION.tar, as make bundle makes it",
            bundle=bundle,
            install=INSTALL,
        )
    )


def _make_empty(folder: Path) -> None:
    try:
        make_data_dir(folder)
        if any(folder.iterdir()):
            raise PrepareError(
                say("{folder} is not empty; wanted is a folder of its own for each kiosk", folder=folder)
            )
    except (DataDirError, OSError) as exc:
        wanted = "a folder that the hub's own user may make, as under /var/lib/zaigang; from there root copies it"
        raise PrepareError(say("{folder} cannot be written; wanted is {wanted}", folder=folder, wanted=wanted)) from exc


def first_settings(station: str, kiosk: str, host: str, port: int, fitted: Fitted) -> str:
    """The agent's settings; a JSON string is a TOML string."""
    spell = json.dumps
    return f"""\
# {kiosk}, made by zaigang-hub kiosk
station = {spell(station)}
kiosk = {spell(kiosk)}
data_dir = "/var/lib/zaigang"
site_key_file = "/etc/zaigang/identity/site.key"

[broker]
host = {spell(host)}
port = {port}
ca_file = "/etc/zaigang/identity/ca.crt"
certificate_file = "/etc/zaigang/identity/kiosk.crt"
key_file = "/etc/zaigang/identity/kiosk.key"

[signals]
lamp = {spell(fitted.lamp)}
sound = {spell(fitted.sound)}

[[readers]]
name = "door"
url = {spell(fitted.reader)}
"""
