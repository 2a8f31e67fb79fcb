"""The looks at one hub, one after the other; each stands alone, so that one fault hides no other."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

from hub.certificates.authority import reached_by
from hub.certificates.cabinet import Cabinet
from hub.changing.numbers import Telephones
from hub.config import LOOPBACK, HubConfig
from hub.database.engine import opened_engine
from hub.database.transactions import StoreTroubleError, reading
from hub.errors import HubError
from hub.examining.examined import Examined, Soundness
from hub.mosquitto.dialect import read_version
from hub.mosquitto.files import edition_in
from hub.mosquitto.visit import visiting
from hub.register.directory import Directory
from hub.register.keys_in_step import out_of_step
from hub.saying import as_said, of_system, said_by, tell
from hub.sealing import Safe
from hub.site_key import FILE_NAME as SITE_KEY
from hub.site_key import read_site_key
from station.errors import ConfigError

ENOUGH_BYTES: Final = 1 << 30
SOON: Final = timedelta(days=60)
OLD: Final = timedelta(days=2)  # of a backup that is made daily
DROPS: Final = ((2, 0, 16), (2, 0, 21))
"""Versions of Mosquitto that drop messages where no limit is set for their queue (eclipse-mosquitto/mosquitto#2879)."""
WITHIN_S: Final = 5.0
_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine's own: by no proxy
_KEY, _CA, _FILES = ("卡密钥", "site key"), ("证书", "certificates"), ("代理设置", "broker's files")
_BROKER, _HUB, _KIOSKS = ("消息服务器", "broker"), ("中心服务", "hub"), ("终端证书", "kiosks' certificates")
_BACKUP, _DISK, _TIME, _PAGES = ("备份", "backup"), ("磁盘", "disk"), ("时间", "time"), ("网页", "pages")

Look = Callable[[HubConfig, datetime], Iterator[Examined]]


def examine(config: HubConfig, now: datetime, directory: Directory | None) -> Iterator[Examined]:
    """Look at everything that a hub in service needs."""
    looks: tuple[tuple[tuple[str, str], Look], ...] = (
        (_KEY, _site_key), (_KEY, _telephones), (_CA, _certificates), (_BROKER, _broker), (_HUB, _hub),
        (_PAGES, _pages),
        (_BACKUP, _backup), (_DISK, _disk), (_TIME, _time),
        (_KIOSKS, lambda config, now: _kiosks(config, now, directory)),
    )  # fmt: skip
    for what, look in looks:
        try:
            yield from look(config, now)
        except StoreTroubleError as exc:
            if directory is not None:  # else it was said of the database, once
                yield Examined(what, Soundness.WRONG, tell(said_by(exc), is_chinese=True), str(exc))
        except (HubError, ConfigError, OSError) as exc:
            said = of_system(exc) if isinstance(exc, OSError) else as_said(said_by(exc))
            yield Examined(what, Soundness.WRONG, tell(said, is_chinese=True), str(said))


def _site_key(config: HubConfig, _now: datetime) -> Iterator[Examined]:
    path = config.data_dir / SITE_KEY
    if not path.exists():
        said = (
            f"{path} 不存在；录入城市时生成：zaigang-hub import",
            f"{path} is not there; made with the city: zaigang-hub import",
        )
        yield Examined(_KEY, Soundness.WRONG, *said)
        return
    read_site_key(path)
    with opened_engine(config.database_url) as engine, reading(engine) as connection:
        trouble = out_of_step(connection, config.data_dir)
    if trouble is not None:
        yield Examined(_KEY, Soundness.WRONG, tell(trouble, is_chinese=True), str(trouble))
    yield Examined(_KEY, Soundness.WELL, f"{path}，只有中心能读", f"{path}, its owner's alone")


def _telephones(config: HubConfig, _now: datetime) -> Iterator[Examined]:
    with opened_engine(config.database_url) as engine, reading(engine) as connection:
        trouble = Telephones(Safe(config.data_dir)).trouble(connection)
    if trouble is not None:
        yield Examined(_KEY, Soundness.WRONG, tell(trouble, is_chinese=True), str(trouble))


def _certificates(config: HubConfig, now: datetime) -> Iterator[Examined]:
    if config.broker.embedded:  # has none, and reaches no other machine
        return
    cabinet = Cabinet(config.data_dir)
    cabinet.authority()
    broker = cabinet.broker()
    if broker is None:
        wanted = "zaigang-hub ca issue-broker NAME"
        yield Examined(_CA, Soundness.WRONG, f"消息服务器没有证书；请运行 {wanted}", f"the broker has none; {wanted}")
        return
    names = " ".join(reached_by(broker))
    yield _until(broker, now, names, f"zaigang-hub ca issue-broker {names} && zaigang-hub broker config")


def _until(certificate: x509.Certificate, now: datetime, whose: str, again: str) -> Examined:
    ends_at = certificate.not_valid_after_utc
    if ends_at <= now:
        said = f"{whose}：已于 {ends_at:%Y-%m-%d} 到期；请运行 {again}", f"{whose} ended {ends_at:%Y-%m-%d}; {again}"
        return Examined(_CA, Soundness.WRONG, *said)
    if ends_at - now < SOON:
        said = f"{whose}：{ends_at:%Y-%m-%d} 到期；请运行 {again}", f"{whose} ends {ends_at:%Y-%m-%d}; {again}"
        return Examined(_CA, Soundness.MIND, *said)
    return Examined(
        _CA, Soundness.WELL, f"{whose}：有效至 {ends_at:%Y-%m-%d}", f"{whose}: good until {ends_at:%Y-%m-%d}"
    )


def _broker(config: HubConfig, _now: datetime) -> Iterator[Examined]:
    if config.broker.embedded:
        with visiting(config):
            told = (
                "内置，可以连接；只有本机的终端连得上，投入使用请用 Mosquitto：docs/install-hub.md",
                "embedded, it answers; for kiosks on this machine alone, Mosquitto in service: docs/install-hub.md",
            )
            yield Examined(_BROKER, Soundness.MIND, *told)
        return
    edition = edition_in(config.broker_folder)
    with visiting(config) as visit:
        kept = visit.kept("$SYS/broker/version")
        is_read = edition is not None and visit.has_loaded(edition, WITHIN_S)
    said = next(iter(kept.values()), b"").decode(errors="replace")
    version = read_version(said)
    yield Examined(
        _BROKER, Soundness.WELL, f"可以连接，{said or '版本未知'}", f"it answers, {said or 'of unknown version'}"
    )
    if version is not None and DROPS[0] <= version <= DROPS[1]:
        chinese = "此版本在队列不设上限时会丢消息；本系统设了上限，请勿改为 0"
        english = "this version drops messages where their queue has no limit; ours has one, leave it"
        yield Examined(_BROKER, Soundness.MIND, chinese, english)
    if edition is None:
        wanted = "zaigang-hub broker config"
        yield Examined(_FILES, Soundness.WRONG, f"没有生成；请运行 {wanted}", f"never written; {wanted}")
    elif not is_read:
        wanted = "systemctl reload zaigang-broker"
        yield Examined(
            _FILES, Soundness.WRONG, f"代理未读新设置；请运行 {wanted}", f"the broker has older ones; {wanted}"
        )
    else:
        yield Examined(_FILES, Soundness.WELL, "代理用的是最新设置", "the broker has read the newest")


def _hub(config: HubConfig, _now: datetime) -> Iterator[Examined]:
    scheme = "https" if config.http.certificate else "http"
    address = f"{scheme}://127.0.0.1:{config.http.port}/healthz"
    wanted = "systemctl status zaigang-hub; journalctl -u zaigang-hub -n 50"
    try:
        with _OPENER.open(address, timeout=WITHIN_S) as answer:
            answer.read()
    except urllib.error.HTTPError as exc:
        troubles = _troubles(exc.read()) or str(exc)
        yield Examined(_HUB, Soundness.WRONG, troubles, troubles)
    except OSError as exc:
        why = getattr(exc, "reason", exc)  # of urllib's own error, which says no more itself
        said = getattr(why, "strerror", None) or str(why)
        told = tell(said, is_chinese=True)
        yield Examined(_HUB, Soundness.WRONG, f"没有运行（{told}）；{wanted}", f"it does not run ({said}); {wanted}")
    else:
        yield Examined(_HUB, Soundness.WELL, "运行正常", "it is at work")


def _troubles(body: bytes) -> str:
    try:
        return "; ".join(map(str, json.loads(body)["troubles"]))
    except (ValueError, KeyError, TypeError):
        return ""


def _pages(config: HubConfig, _now: datetime) -> Iterator[Examined]:
    http = config.http
    if http.host not in LOOPBACK and http.certificate is None:
        yield Examined(_PAGES, Soundness.WRONG, "没有 TLS 就对外开放", "open to other machines without TLS")
    elif http.names:
        yield Examined(
            _PAGES, Soundness.WELL, f"须登录，https://{http.names[0]}/", f"for who signs in, https://{http.names[0]}/"
        )
    else:
        yield Examined(
            _PAGES,
            Soundness.WELL,
            f"只在本机，{http.host}:{http.port}",
            f"on this machine alone, {http.host}:{http.port}",
        )


def _backup(config: HubConfig, now: datetime) -> Iterator[Examined]:
    directory = config.backup.directory
    if directory is None:
        said = "没有设置 backup.directory，不做备份", "none are made: backup.directory is not set"
        yield Examined(_BACKUP, Soundness.MIND, *said)
        return
    if not directory.is_dir():
        said = (
            f"没有 {directory} 这个文件夹；应为 backup.directory 所指、已建好的文件夹",
            f"{directory} is no folder; wanted is one that is there, as backup.directory",
        )
        yield Examined(_BACKUP, Soundness.WRONG, *said)
        return
    made = [path.stat().st_mtime for path in directory.glob("zaigang-*") if not path.name.endswith(".part")]
    newest = datetime.fromtimestamp(max(made), now.tzinfo) if made else None
    if newest is None or now - newest > max(OLD, timedelta(hours=2 * config.backup.every_h)):
        told = f"{newest:%Y-%m-%d %H:%M}" if newest else ""
        said = (
            (f"{directory} 中最新的是 {told}" if told else f"{directory} 中还没有备份") + "；见 zaigang-hub 的日志",
            (f"the newest in {directory} is {told}" if told else f"none is in {directory} yet") + "; see the hub's log",
        )
        yield Examined(_BACKUP, Soundness.WRONG, *said)
    else:
        yield Examined(_BACKUP, Soundness.WELL, f"最新 {newest:%Y-%m-%d %H:%M}", f"the newest {newest:%Y-%m-%d %H:%M}")


def _disk(config: HubConfig, _now: datetime) -> Iterator[Examined]:
    for place in dict.fromkeys(
        path for path in (config.data_dir, config.backup.directory) if path is not None and path.is_dir()
    ):
        free = shutil.disk_usage(place).free
        verdict = Soundness.WELL if free >= ENOUGH_BYTES else Soundness.WRONG
        said = (
            f"{place} 剩余 {free >> 20} MiB，需要 {ENOUGH_BYTES >> 20}",
            f"{place}: {free >> 20} MiB free, {ENOUGH_BYTES >> 20} wanted",
        )
        yield Examined(_DISK, verdict, *said)


def _time(_config: HubConfig, _now: datetime) -> Iterator[Examined]:
    try:
        asked = subprocess.run(  # noqa: S603
            [shutil.which("timedatectl") or "", "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=WITHIN_S,
        )
    except (OSError, subprocess.TimeoutExpired):  # it is not there, or nobody answers it
        said = "看不到本机的对时情况", "whether this machine's clock is kept cannot be seen"
        yield Examined(_TIME, Soundness.MIND, *said)
        return
    if asked.stdout.strip() == "yes":
        yield Examined(_TIME, Soundness.WELL, "本机时钟已校准", "this machine's clock is kept")
    else:
        chinese = "本机时钟没有校准；所有终端都用它的时间，请核对：date；有上级时钟的写进 /etc/chrony/sources.d/"
        english = "nothing keeps the clock that all kiosks take: see date; a source goes to /etc/chrony/sources.d/"
        yield Examined(_TIME, Soundness.MIND, chinese, english)


def _kiosks(config: HubConfig, now: datetime, directory: Directory | None) -> Iterator[Examined]:
    if directory is None:  # nobody knows
        return
    cabinet = Cabinet(config.data_dir)
    kiosks = [k for k in directory.kiosks.values() if k.in_service(now.date())]
    if not kiosks:
        yield Examined(_KIOSKS, Soundness.MIND, "还没有录入终端", "no kiosk is entered yet")
        return
    ends = {kiosk.id: cabinet.good_identities(kiosk.id) for kiosk in kiosks if not kiosk.is_revoked}
    without = sorted(kiosk for kiosk, good in ends.items() if not good)
    late = sorted(k for k, good in ends.items() if good and good[-1].not_valid_after_utc - now < SOON)
    if late:
        wanted = "zaigang-hub kiosk prepare ID --again --out DIR"
        told = ", ".join(late)
        said = f"60 天内到期：{told}；请运行 {wanted}", f"they end within 60 days: {told}; {wanted}"
        yield Examined(_KIOSKS, Soundness.WRONG, *said)
    if without:
        told, wanted = ", ".join(without[:20]), "zaigang-hub kiosk prepare ID --out DIR"
        yield Examined(_KIOSKS, Soundness.MIND, f"没有证书：{told}；请运行 {wanted}", f"none for {told}; {wanted}")
    if not late and not without:
        yield Examined(_KIOSKS, Soundness.WELL, f"{len(ends)} 台都有", f"all {len(ends)} have one")
