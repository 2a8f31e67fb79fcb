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
from edge.data_dir import JOURNAL, LOCK, check_place, is_held
from edge.errors import DataPlaceError, JournalBrokenError, JournalError, KeyFileError, LinkDownError, plain
from edge.journal import KioskJournal
from edge.seams import Seams
from edge.site_key import read_site_key
from edge.site_keys import SiteKeys

_IN_USE_ZH: Final = "正由运行中的程序使用"
ENOUGH_BYTES: Final = 256 << 20  # years of records; below it the card is filling with something else


@dataclass(frozen=True, slots=True)
class DoctorLine:
    """One look's result; `is_well` is None where it could not be seen now.

    Attributes:
        zh: the same in Chinese; what only a machine said stays in its words, in brackets.
    """

    what: str
    is_well: bool | None
    text: str
    zh: str = ""


def examine(config: EdgeConfig, seams: Seams, open_reader: Callable[[str], CardReader]) -> Iterator[DoctorLine]:
    """Look at everything that a kiosk needs, one after the other."""
    yield _key(config)
    if config.broker.certificate_file is not None:
        yield _identity(config, config.broker.certificate_file, seams.clock.now())
    is_running = is_held(config.data_dir)
    yield _room(config, is_running=is_running)
    yield from _files(config.data_dir)
    yield _journal(config, is_running=is_running)
    for reader in config.readers:
        yield (
            DoctorLine("reader", None, f"{reader.name}: in use by the running agent", f"{reader.name}：{_IN_USE_ZH}")
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
        return DoctorLine("site key", is_well=False, text=str(exc), zh=f"不能用（{exc}）")
    text, zh = f"{config.site_key_file} holds one, for its owner only", f"{config.site_key_file}，只有本程序能读"
    return DoctorLine("site key", is_well=True, text=text, zh=zh)


def _room(config: EdgeConfig, *, is_running: bool) -> DoctorLine:
    try:
        check_place(config.data_dir)
    except DataPlaceError as exc:
        return DoctorLine("disk", is_well=False, text=str(exc), zh=f"不能用（{exc}）")
    except OSError as exc:
        return DoctorLine("disk", is_well=False, text=plain(exc), zh=f"不能用（{plain(exc)}）")
    place = next(path for path in (config.data_dir, *config.data_dir.parents) if path.is_dir())
    free = shutil.disk_usage(place).free
    if not os.access(place, os.W_OK):
        return DoctorLine(
            "disk", is_well=False, text=f"{place}: read-only, or not this user's to write; no card is recorded",
            zh=f"{place} 只读，或者没有写入权限；刷卡不能记录",
        )  # fmt: skip
    agent = "the agent is running" if is_running else "no agent is running"
    text = f"{place}: {free >> 20} MiB free, {ENOUGH_BYTES >> 20} MiB are wanted; {agent}"
    agent_zh = "终端程序正在运行" if is_running else "终端程序没有运行"
    zh = f"{place} 剩余 {free >> 20} MiB，需要 {ENOUGH_BYTES >> 20} MiB；{agent_zh}"
    return DoctorLine("disk", is_well=free >= ENOUGH_BYTES, text=text, zh=zh)


def _files(folder: Path) -> Iterator[DoctorLine]:
    """That the agent can write what lies there: somebody may have started it once as another user."""
    with suppress(OSError):
        owner = folder.stat().st_uid
        for path in (folder / name for name in (LOCK, JOURNAL, f"{JOURNAL}-wal", f"{JOURNAL}-shm")):
            if path.exists() and (path.stat().st_uid != owner or not os.access(path, os.R_OK | os.W_OK)):
                text = f"{path}: another user's than {folder}, or not to be written; no card is recorded"
                zh = f"{path} 不属于 {folder} 的用户，或者没有写入权限；刷卡不能记录"
                yield DoctorLine("files", is_well=False, text=text, zh=zh)
                return


def _journal(config: EdgeConfig, *, is_running: bool) -> DoctorLine:
    """Open a copy, as the agent would: opening the journal itself could change it."""
    if is_running:
        return DoctorLine("journal", is_well=True, text="in use by the running agent", zh=_IN_USE_ZH)
    try:
        with TemporaryDirectory(prefix="zaigang-doctor-") as folder:
            for name in (JOURNAL, f"{JOURNAL}-wal"):
                with suppress(FileNotFoundError, NotADirectoryError):
                    shutil.copyfile(config.data_dir / name, Path(folder, name))
            count = _open_copy(Path(folder, JOURNAL))
    except JournalBrokenError as exc:
        text = f"{exc}; the agent sets it aside at its next start, and begins another: keep the file"
        zh = f"已损坏（{exc}）；程序下次启动时会另存旧文件并新建一个：请保留旧文件"
        return DoctorLine("journal", is_well=False, text=text, zh=zh)
    except JournalError as exc:
        text, zh = f"{exc}; no card is recorded", f"打不开（{exc}）；刷卡不能记录"
        return DoctorLine("journal", is_well=False, text=text, zh=zh)
    except OSError as exc:
        return DoctorLine("journal", is_well=False, text=plain(exc), zh=f"打不开（{plain(exc)}）")
    if count is None:
        text, zh = "none yet; the agent makes it at its first start", "还没有；程序第一次启动时新建"
    else:
        text, zh = f"sound, {count} records", f"完好，{count} 条记录"
    return DoctorLine("journal", is_well=True, text=text, zh=zh)


def _open_copy(path: Path) -> int | None:
    """How many records it holds; None where there is none."""
    if not path.exists():
        return None
    with closing(KioskJournal(path)) as journal:
        return sum(kept.last + 1 - kept.kept_from for kept in journal.kept().values())


def _reader(reader: ReaderConfig, open_reader: Callable[[str], CardReader]) -> DoctorLine:
    try:
        with closing(open_reader(reader.url)) as opened:
            opened.poll(0)
    except ReaderUnusableError as exc:
        zh = f"{reader.name}：不能用（{exc}）"
        return DoctorLine("reader", is_well=False, text=f"{reader.name}: {exc}", zh=zh)
    except DeviceError as exc:
        text, zh = f"{exc}; check plug, power and switches", f"没有回答（{exc}）；请检查插头、电源和拨码开关"
        return DoctorLine("reader", is_well=False, text=f"{reader.name}: {text}", zh=f"{reader.name}：{zh}")
    if silence_s(reader.url):
        shown, shown_zh = "is there; only a card held to it shows that it reads", "已接上；放一张卡才知道能不能读"
    else:
        shown, shown_zh = "answers", "有回答"
    text, zh = f"{reader.name}: {reader.url} {shown}", f"{reader.name}：{reader.url} {shown_zh}"
    return DoctorLine("reader", is_well=True, text=text, zh=zh)


def _signals(config: EdgeConfig, *, is_running: bool) -> Iterator[DoctorLine]:
    """Have lamp and sound give the chime, which answers no tap."""
    lamp, sound = config.signals.lamp, config.signals.sound
    for what, url, attempt, given, given_zh in (
        ("lamp", lamp, try_lamp, "flashes white once; if it did not, check the wires", "白灯闪一次；没有闪请检查接线"),
        (
            "sound", sound, try_sound, "plays a high and a low note; if it did not, check plug and volume",
            "响一高一低两声；没有响请检查插头和音量",
        ),
    ):  # fmt: skip
        if url and is_running:
            yield DoctorLine(what, None, f"{url}: in use by the running agent", f"{url}：{_IN_USE_ZH}")
        elif url:
            try:
                attempt(url)
            except AnnunciatorLostError as exc:
                text, zh = f"{url}: {exc}; taps are recorded all the same", f"{url}：不能用（{exc}）；刷卡照常记录"
                yield DoctorLine(what, is_well=False, text=text, zh=zh)
            else:
                yield DoctorLine(what, is_well=True, text=f"{url} {given}", zh=f"{url} {given_zh}")


def _identity(config: EdgeConfig, path: Path, now: datetime) -> DoctorLine:
    try:
        certificate = read_certificate(path)
    except KeyFileError as exc:
        return DoctorLine("identity", is_well=False, text=str(exc), zh=f"不能用（{exc}）")
    if certificate.name != config.kiosk:
        text = f"the certificate is {certificate.name}'s, and this kiosk is {config.kiosk}; wanted is its own"
        zh = f"证书是 {certificate.name} 的，本终端是 {config.kiosk}；应为本终端自己的证书"
        return DoctorLine("identity", is_well=False, text=text, zh=zh)
    is_good = certificate.ends_at > now
    until = "is good until" if is_good else "has ended on"
    text = f"{certificate.name}'s certificate {until} {certificate.ends_at:%Y-%m-%d}"
    zh = f"{certificate.name} 的证书{'有效期至' if is_good else '已过期：'} {certificate.ends_at:%Y-%m-%d}"
    return DoctorLine("identity", is_well=is_good, text=text, zh=zh)


def _hub(config: EdgeConfig, seams: Seams, *, is_running: bool) -> Iterator[DoctorLine]:
    """What broker and hub say; where the broker does not let this kiosk in, nobody can be asked."""
    where = f"{config.broker.host}:{config.broker.port}"
    try:
        said = ask_hub(config, seams, is_running=is_running)
    except LinkDownError as exc:
        text = f"{where}: {exc}; taps are recorded all the same, and sent later"
        yield DoctorLine("broker", is_well=False, text=text, zh=f"{where} 连不上（{exc}）；刷卡照常记录，以后上传")
        return
    yield DoctorLine("broker", is_well=True, text=f"{where} lets this kiosk in", zh=f"{where} 已连接")
    if said.hub is None or not said.hub.online:
        text, zh = "no hub is at work behind the broker; taps are kept until one is", "没有运行；刷卡先保存，以后上传"
        yield DoctorLine("hub", is_well=False, text=text, zh=zh)
        return
    text, zh = f"version {said.hub.version} is at work", f"正在运行，版本 {said.hub.version}"
    yield DoctorLine("hub", is_well=True, text=text, zh=zh)
    name, name_zh = f"{config.kiosk} of station {config.station}", f"站点 {config.station} 的终端 {config.kiosk} "
    settles = said.is_answered or (is_running and said.settled_at is not None)
    if not said.is_known and not settles:
        text, zh = f"the hub does not know {name}, and takes nothing from it", f"{name_zh}没有登记，中心不接收它的记录"
        yield DoctorLine("known", is_well=False, text=text, zh=zh)
        return
    yield DoctorLine("known", is_well=True, text=f"the hub knows {name}", zh=f"{name_zh}已登记")
    if settles:
        text, zh = "the hub answers what this kiosk says", "中心有应答"
    else:
        text, zh = "the hub does not answer; taps are kept until it does", "中心没有应答；刷卡先保存，以后上传"
    yield DoctorLine("settles", is_well=settles, text=text, zh=zh)
    yield from _same_key(config, said.key)


def _same_key(config: EdgeConfig, mark: str) -> Iterator[DoctorLine]:
    with suppress(KeyFileError):
        keys = SiteKeys(read_site_key(config.site_key_file), config.data_dir)
        if mark:
            is_same = keys.knows(mark)
            text = f"this kiosk's key is {keys.mark}, the hub's {mark}" + ("" if is_same else ": the hub knows no card")
            zh = f"本终端为 {keys.mark}，中心为 {mark}" + ("" if is_same else "：中心认不出任何卡")
            yield DoctorLine("same key", is_well=is_same, text=text, zh=zh)


def _time(seams: Seams) -> DoctorLine:
    """A kiosk without a time service is no worse for it while the hub answers."""
    if seams.is_synced():
        return DoctorLine("clock", is_well=True, text="kept by a time service", zh="由时间服务校准")
    text = "kept by no time service; the agent takes the time from the hub while it answers"
    return DoctorLine("clock", is_well=None, text=text, zh="没有时间服务；中心有应答时由中心提供时间")
