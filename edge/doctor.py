"""What stands in a kiosk's way, in plain words: each look gives one finding, and none changes anything.

While the agent runs it holds its reader and its data; that is a finding too, and no fault. The hub is asked what only
it can tell; `edge.verdict` says what all of it comes to.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from devices.catalogue import silence_s
from devices.errors import AnnunciatorLostError, DeviceError, ReaderUnusableError
from devices.reader import CardReader
from devices.signal_catalogue import try_lamp, try_sound
from edge.asking import ask_hub
from edge.certificate import read_certificate
from edge.config import EdgeConfig, ReaderConfig
from edge.data_dir import JOURNAL, check_place, is_held
from edge.errors import DataPlaceError, JournalBrokenError, JournalError, KeyFileError, LinkDownError, plain
from edge.journal import KioskJournal
from edge.seams import Seams
from edge.site_key import read_site_key
from edge.site_keys import SiteKeys

ENOUGH_BYTES: Final = 256 << 20  # years of records; below it the card is filling with something else


@dataclass(frozen=True, slots=True)
class DoctorLine:
    """One look's result; `is_well` is None where it could not be seen now."""

    what: str
    is_well: bool | None
    text: str


def examine(config: EdgeConfig, seams: Seams, open_reader: Callable[[str], CardReader]) -> Iterator[DoctorLine]:
    """Look at everything that a kiosk needs, one after the other."""
    yield _key(config)
    if config.broker.certificate_file is not None:
        yield _identity(config, config.broker.certificate_file, seams.clock.now())
    is_running = is_held(config.data_dir)
    yield _room(config, is_running=is_running)
    yield _journal(config, is_running=is_running)
    for reader in config.readers:
        yield (
            DoctorLine("reader", None, f"{reader.name}: in use by the running agent")
            if is_running
            else _reader(reader, open_reader)
        )
    yield from _signals(config, is_running=is_running)
    yield from _hub(config, seams, is_running=is_running)
    yield _time(seams)


def _key(config: EdgeConfig) -> DoctorLine:
    try:
        read_site_key(config.site_key_file)
    except KeyFileError as exc:
        return DoctorLine("site key", is_well=False, text=str(exc))
    return DoctorLine("site key", is_well=True, text=f"{config.site_key_file} holds one, for its owner only")


def _room(config: EdgeConfig, *, is_running: bool) -> DoctorLine:
    try:
        check_place(config.data_dir)
    except DataPlaceError as exc:
        return DoctorLine("disk", is_well=False, text=str(exc))
    except OSError as exc:
        return DoctorLine("disk", is_well=False, text=plain(exc))
    place = next(path for path in (config.data_dir, *config.data_dir.parents) if path.is_dir())
    free = shutil.disk_usage(place).free
    if not os.access(place, os.W_OK):
        return DoctorLine(
            "disk", is_well=False, text=f"{place}: read-only, or not this user's to write; no card is recorded"
        )
    agent = "the agent is running" if is_running else "no agent is running"
    text = f"{place}: {free >> 20} MiB free, {ENOUGH_BYTES >> 20} MiB are wanted; {agent}"
    return DoctorLine("disk", is_well=free >= ENOUGH_BYTES, text=text)


def _journal(config: EdgeConfig, *, is_running: bool) -> DoctorLine:
    """Open a copy, as the agent would: opening the journal itself could change it."""
    if is_running:
        return DoctorLine("journal", is_well=True, text="in use by the running agent")
    try:
        with TemporaryDirectory(prefix="zaigang-doctor-") as folder:
            for name in (JOURNAL, f"{JOURNAL}-wal"):
                with suppress(FileNotFoundError, NotADirectoryError):
                    shutil.copyfile(config.data_dir / name, Path(folder, name))
            text = _open_copy(Path(folder, JOURNAL))
    except JournalBrokenError as exc:
        text = f"{exc}; the agent sets it aside at its next start, and begins another: keep the file"
        return DoctorLine("journal", is_well=False, text=text)
    except JournalError as exc:
        return DoctorLine("journal", is_well=False, text=f"{exc}; no card is recorded")
    except OSError as exc:
        return DoctorLine("journal", is_well=False, text=plain(exc))
    return DoctorLine("journal", is_well=True, text=text)


def _open_copy(path: Path) -> str:
    if not path.exists():
        return "none yet; the agent makes it at its first start"
    with closing(KioskJournal(path)) as journal:
        count = sum(kept.last + 1 - kept.kept_from for kept in journal.kept().values())
    return f"sound, {count} records"


def _reader(reader: ReaderConfig, open_reader: Callable[[str], CardReader]) -> DoctorLine:
    try:
        with closing(open_reader(reader.url)) as opened:
            opened.poll(0)
    except ReaderUnusableError as exc:
        return DoctorLine("reader", is_well=False, text=f"{reader.name}: {exc}")
    except DeviceError as exc:
        return DoctorLine("reader", is_well=False, text=f"{reader.name}: {exc}; check plug, power and switches")
    shown = "is there; only a card held to it shows that it reads" if silence_s(reader.url) else "answers"
    return DoctorLine("reader", is_well=True, text=f"{reader.name}: {reader.url} {shown}")


def _signals(config: EdgeConfig, *, is_running: bool) -> Iterator[DoctorLine]:
    """Have lamp and sound give the chime, which answers no tap."""
    lamp, sound = config.signals.lamp, config.signals.sound
    for what, url, attempt, given in (
        ("lamp", lamp, try_lamp, "flashes white once; if it did not, check the wires"),
        ("sound", sound, try_sound, "plays a high and a low note; if it did not, check plug and volume"),
    ):
        if url and is_running:
            yield DoctorLine(what, None, f"{url}: in use by the running agent")
        elif url:
            try:
                attempt(url)
            except AnnunciatorLostError as exc:
                yield DoctorLine(what, is_well=False, text=f"{url}: {exc}; taps are recorded all the same")
            else:
                yield DoctorLine(what, is_well=True, text=f"{url} {given}")


def _identity(config: EdgeConfig, path: Path, now: datetime) -> DoctorLine:
    try:
        certificate = read_certificate(path)
    except KeyFileError as exc:
        return DoctorLine("identity", is_well=False, text=str(exc))
    if certificate.name != config.kiosk:
        text = f"the certificate is {certificate.name}'s, and this kiosk is {config.kiosk}; wanted is its own"
        return DoctorLine("identity", is_well=False, text=text)
    is_good = certificate.ends_at > now
    until = "is good until" if is_good else "has ended on"
    text = f"{certificate.name}'s certificate {until} {certificate.ends_at:%Y-%m-%d}"
    return DoctorLine("identity", is_well=is_good, text=text)


def _hub(config: EdgeConfig, seams: Seams, *, is_running: bool) -> Iterator[DoctorLine]:
    """What broker and hub say; where the broker does not let this kiosk in, nobody can be asked."""
    where = f"{config.broker.host}:{config.broker.port}"
    try:
        said = ask_hub(config, seams, is_running=is_running)
    except LinkDownError as exc:
        text = f"{where}: {exc}; taps are recorded all the same, and sent later"
        yield DoctorLine("broker", is_well=False, text=text)
        return
    yield DoctorLine("broker", is_well=True, text=f"{where} lets this kiosk in")
    if said.hub is None or not said.hub.online:
        yield DoctorLine("hub", is_well=False, text="no hub is at work behind the broker; taps are kept until one is")
        return
    yield DoctorLine("hub", is_well=True, text=f"version {said.hub.version} is at work")
    name = f"{config.kiosk} of station {config.station}"
    settles = said.is_answered or (is_running and said.settled_at is not None)
    if not said.is_known and not settles:
        yield DoctorLine("known", is_well=False, text=f"the hub does not know {name}, and takes nothing from it")
        return
    yield DoctorLine("known", is_well=True, text=f"the hub knows {name}")
    text = "the hub answers what this kiosk says" if settles else "the hub does not answer; taps are kept until it does"
    yield DoctorLine("settles", is_well=settles, text=text)
    yield from _same_key(config, said.key)


def _same_key(config: EdgeConfig, mark: str) -> Iterator[DoctorLine]:
    with suppress(KeyFileError):
        keys = SiteKeys(read_site_key(config.site_key_file), config.data_dir)
        if mark:
            is_same = keys.knows(mark)
            text = f"this kiosk's key is {keys.mark}, the hub's {mark}" + ("" if is_same else ": the hub knows no card")
            yield DoctorLine("same key", is_well=is_same, text=text)


def _time(seams: Seams) -> DoctorLine:
    """A kiosk without a time service is no worse for it while the hub answers."""
    if seams.is_synced():
        return DoctorLine("clock", is_well=True, text="kept by a time service")
    text = "kept by no time service; the agent takes the time from the hub while it answers"
    return DoctorLine("clock", is_well=None, text=text)
