"""终端投用记录 at the hub: which kiosks were tried at their place, when and by whom, in each kiosk's own hand.

A record comes as what a command found, or by hand; it stands in the command's row, as it came, and is verified each
time that it is read.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert
from sqlmodel import col, select

from hub.asking.asked import CommandOutcome
from hub.asking.kinds import COMMISSION
from hub.certificates.authority import name_of
from hub.certificates.cabinet import Cabinet
from hub.certificates.verifying import writer_of
from hub.database.command_table import KioskCommand
from hub.saying import say
from station.commission_words import found_in_chinese
from station.commissioned import Commissioned, read_commissioned
from station.letter import LetterError
from station.milliseconds import ms_of
from station.names import KioskId

LETTER: Final = "letter"
_STEPS: Final = {
    "tap": "刷卡：响一声，已记录，已上传", "unplug": "拔下网线", "tap_alone": "没有网络时刷卡：已记录",
    "plug": "插回网线：记录已上传", "power": "断电，再通电", "tap_again": "再刷卡：已记录，已上传",
}  # fmt: skip
_CHECKS: Final = {"reader": "读卡器", "clock": "时钟", "disk": "存储", "version": "程序版本"}
_STYLE: Final = """\
@page { size: A4; margin: 18mm } body { font: 12pt/1.6 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #111 }
h1 { font-size: 20pt; text-align: center } table { border-collapse: collapse; width: 100%; margin: 4mm 0 }
td, th { border: 1px solid #888; padding: 1.5mm 2mm; text-align: left } .sign { margin-top: 12mm }
"""


def believed(cabinet: Cabinet, content: bytes) -> Commissioned:
    """A record that the kiosk it names has signed.

    Raises:
        LetterError: it is none.
    """
    record = read_commissioned(content)
    writer = name_of(writer_of(cabinet, record.letter))
    if writer != record.kiosk:
        raise LetterError(say("written by {writer} in the name of {kiosk}", writer=writer, kiosk=record.kiosk))
    return record


def latest_records(
    connection: Connection, cabinet: Cabinet, *, of: KioskId | None = None
) -> Mapping[KioskId, Commissioned]:
    """The newest of each kiosk that has one, or of that kiosk; what cannot be believed is passed over."""
    found: dict[KioskId, Commissioned] = {}
    for kiosk, letter in _letters(connection, of):
        try:
            record = believed(cabinet, letter)
        except LetterError:
            continue
        before = found.get(kiosk)
        if record.kiosk == kiosk and (before is None or before.ended_at < record.ended_at):
            found[kiosk] = record
    return found


def take_in(connection: Connection, record: Commissioned, letter: str, by: str, now: datetime) -> None:
    """Keep one that came by hand, as if it had been asked for."""
    row = {
        "id": secrets.token_hex(8), "kiosk": record.kiosk, "name": COMMISSION.name, "args": "{}", "by": by,
        "asked_ms": ms_of(now), "expires_ms": ms_of(now), "answered_ms": ms_of(now), "outcome": CommandOutcome.DONE,
        "said": record.trouble, "found": json.dumps({LETTER: letter}, ensure_ascii=False),
    }  # fmt: skip
    connection.execute(insert(KioskCommand), [row])


def spell_record(record: Commissioned, station: str, zone: ZoneInfo) -> str:
    """The printed page, HTML that needs nothing beside it; `station` is its name."""
    steps = "".join(
        f"<tr><td>{number}</td><td>{_STEPS.get(step['step'], escape(step['step']))}</td>"
        f"<td>{_at(step['at'], zone)}</td></tr>\n"
        for number, step in enumerate(record.steps, 1)
    )
    checks = "".join(
        f"<tr><td>{_CHECKS.get(check['what'], escape(check['what']))}</td>"
        f"<td>{'正常' if check['is_well'] else '错误'}</td>"
        f"<td>{escape(found_in_chinese(check['what'], check['text']))}</td></tr>\n"
        for check in record.checks
    )
    verdict = "验收通过，可以投用" if record.ok else escape(_trouble_in_chinese(record))
    return f"""\
<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>终端投用记录 {escape(record.kiosk)}</title><style>{_STYLE}</style>
<h1>终端投用记录</h1>
<p>站点：<b>{escape(station)}</b>（{escape(record.station)}）　终端编号：<b>{escape(record.kiosk)}</b></p>
<p>安装人：<b>{escape(record.by) or "________________"}</b></p>
<p>时间：{_at(record.begun_at, zone)} 至 {_at(record.ended_at, zone)}</p>
<p>结论：<b>{verdict}</b></p>
<table><tr><th>序号</th><th>步骤</th><th>时间</th></tr>
{steps}</table>
<table><tr><th>检查项</th><th>结果</th><th>说明</th></tr>
{checks}</table>
<p>本记录由终端用自己的证书签名，中心已核验。</p>
<p class="sign">安装人签字：________________　　站点签字：________________</p>
</html>
"""


def _trouble_in_chinese(record: Commissioned) -> str:
    """Kiosks of before signed what they had found in English, in the midst of the sentence."""
    said = record.trouble
    for check in record.checks:
        said = said.replace(f"（{check['text']}）", f"（{found_in_chinese(check['what'], check['text'])}）")
    return said


def _letters(connection: Connection, of: KioskId | None) -> Iterator[tuple[KioskId, bytes]]:
    query = select(col(KioskCommand.kiosk), col(KioskCommand.found)).where(
        col(KioskCommand.name) == COMMISSION.name, col(KioskCommand.outcome) == CommandOutcome.DONE
    )
    asked = query.order_by(col(KioskCommand.kiosk), col(KioskCommand.asked_ms), col(KioskCommand.id))
    for kiosk, found in connection.execute(asked if of is None else asked.where(col(KioskCommand.kiosk) == of)):
        letter = json.loads(found or "{}").get(LETTER, "")
        if letter:
            yield KioskId(kiosk), letter.encode()


def _at(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else ""
