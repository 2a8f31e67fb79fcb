"""Every kiosk in a line: what it is by the city's tables, until when it is believed, and what it said last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hub.certificates.cabinet import Cabinet
from hub.config import HubConfig
from hub.fleet.claim_codes import ClaimState
from hub.mosquitto.visit import visiting
from hub.presence.liveness import LOST_AFTER
from hub.register.directory import KnownKiosk
from station.commissioned import Commissioned
from station.errors import WireError
from station.names import KioskId
from station.wire import topics
from station.wire.codec import decode
from station.wire.messages import KioskFigures, State

SOON: Final = timedelta(days=60)
_CHINESE: Final = {
    "id": "终端", "station": "站点", "entrance": "入口", "service": "状态", "certificate": "证书至", "heard": "最近",
    "reader": "读卡器", "clock": "时钟", "queued": "待传", "version": "版本", "disk": "磁盘剩余", "temperature": "温度",
    "power": "供电", "config": "配置", "weak": "不足", "good": "正常",
    "in service": "使用中", "revoked": "已吊销", "not yet": "未启用", "ended": "已停用", "none": "无", "never": "从未",
    "gone": "离线", "up": "正常", "down": "断开", "blind": "不可用", "synced": "已校准", "estimated": "估计",
    "unset": "未设", "commissioned": "投用", "amiss": "未通过", "soon": "将到期", "claim": "认领", "waiting": "待认领",
    "claimed": "已认领", "set up otherwise": "已另行安装", "locked": "已作废", "outdated": "已过期",
}  # fmt: skip
COLUMNS: Final = (
    "id", "station", "entrance", "service", "certificate", "claim", "heard", "reader", "clock", "queued", "version",
    "disk", "temperature", "power", "config", "commissioned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A kiosk's line, by column; empty where nothing is known."""

    said: Mapping[str, str]

    def cells(self, *, is_chinese: bool) -> list[str]:
        """As a person reads it."""
        return [_told(self.said.get(column, ""), is_chinese=is_chinese) or "-" for column in COLUMNS]


def heading(*, is_chinese: bool) -> list[str]:
    """What the columns are called."""
    return [_CHINESE[column] if is_chinese else column for column in COLUMNS]


def states_of(config: HubConfig, kiosks: Iterable[KnownKiosk]) -> dict[KioskId, State]:
    """What each said last, as the broker keeps it.

    Raises:
        BrokerGoneError: it cannot be asked.
    """
    wanted = {topics.state(kiosk.station, kiosk.id): kiosk.id for kiosk in kiosks}
    with visiting(config) as visit:
        kept = visit.kept(f"{topics.ROOT}/+/+/{topics.Leaf.STATE}")
    found: dict[KioskId, State] = {}
    for topic in kept.keys() & wanted.keys():
        try:
            found[wanted[topic]] = decode(kept[topic], State)
        except WireError:
            continue
    return found


def list_kiosks(
    config: HubConfig,
    kiosks: Iterable[KnownKiosk],
    states: Mapping[KioskId, State],
    records: Mapping[KioskId, Commissioned],
    claims: Mapping[str, ClaimState],
    *,
    now: datetime,
) -> list[Listed]:
    """All of them."""
    cabinet, zone = Cabinet(config.data_dir), config.city_zone
    today = now.astimezone(zone).date()
    listed = []
    for kiosk in kiosks:
        good = cabinet.good_identities(kiosk.id)
        ends_at = good[-1].not_valid_after_utc if good else None
        said = {
            "id": kiosk.id, "station": kiosk.station, "entrance": kiosk.entrance, "service": _service(kiosk, today),
            "certificate": "none" if ends_at is None else f"{ends_at:%Y-%m-%d}",
        }  # fmt: skip
        if ends_at is not None and ends_at - now < SOON:
            said["certificate"] += " soon"
        if kiosk.id in claims:
            said["claim"] = _claim(claims[kiosk.id], now, zone, is_set_up=bool(good))
        record = records.get(kiosk.id)
        if record is not None:
            at = datetime.fromisoformat(record.ended_at).astimezone(zone)
            said["commissioned"] = " ".join(filter(None, [f"{at:%Y-%m-%d}", record.by, "" if record.ok else "amiss"]))
        state = states.get(kiosk.id)
        if state is not None:
            is_gone = not state.online or now - state.at > LOST_AFTER
            said |= {
                "heard": f"{state.at.astimezone(zone):%m-%d %H:%M}" + (" gone" if is_gone else ""),
                "reader": state.reader.value, "clock": state.clock.value, "queued": str(state.queued),
                "version": state.version,
            } | _figures(state.figures)  # fmt: skip
        listed.append(Listed(said))
    return listed


def _claim(claim: ClaimState, now: datetime, zone: ZoneInfo, *, is_set_up: bool) -> str:
    """How its newest code stands: a kiosk with a good identity gets no other for it, `claiming` sees to that."""
    if claim.used_at is not None:
        return f"claimed {claim.used_at.astimezone(zone):%Y-%m-%d}"
    if claim.is_waiting(now):
        if is_set_up:
            return "set up otherwise"
        return f"waiting {claim.until.astimezone(zone):%Y-%m-%d}"
    return "locked" if claim.is_locked else "outdated"


def _figures(figures: KioskFigures) -> dict[str, str]:
    weak = {None: "", True: "weak", False: "good"}
    return {
        "disk": "" if figures.disk_free_mb is None else f"{figures.disk_free_mb / 1000:.1f}GB",
        "temperature": "" if figures.temperature_c is None else f"{figures.temperature_c}°C",
        "power": weak[figures.under_voltage], "config": str(figures.config) if figures.config else "",
    }  # fmt: skip


def _service(kiosk: KnownKiosk, today: date) -> str:
    if kiosk.is_revoked:
        return "revoked"
    if kiosk.in_service(today):
        return "in service"
    return "not yet" if kiosk.in_service_from > today else "ended"


def _told(text: str, *, is_chinese: bool) -> str:
    """Whole, or word by word: a day and what is said of it."""
    if not is_chinese:
        return text
    return _CHINESE.get(text) or " ".join(_CHINESE.get(word, word) for word in text.split(" "))
