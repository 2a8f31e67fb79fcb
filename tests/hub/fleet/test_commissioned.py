"""终端投用记录: believed where the kiosk that it names has signed it, and printed."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from edge.commission_checks import look_over
from edge.health import Health
from edge.timekeeping import Stamp
from hub.certificates.cabinet import Cabinet
from hub.fleet.commissioned import believed, spell_record
from station.commissioned import KIND
from station.letter import LetterError, write_letter
from station.records import ClockState, ReaderState

NOW = datetime(2026, 3, 5, 1, tzinfo=UTC)
SAID = {
    "kiosk": "K-01-1", "station": "S-01", "by": "安装<员>", "ok": True, "begun_at": "2026-03-05T01:00:00.000Z",
    "ended_at": "2026-03-05T01:02:00.000Z", "version": "1.2.3", "trouble": "",
    "steps": [{"step": "tap", "at": "2026-03-05T01:00:10.000Z"}],
    "checks": [{"what": "clock", "is_well": True, "text": "synced, hub"}],
}  # fmt: skip


@pytest.fixture
def cabinet(tmp_path):
    made = Cabinet(tmp_path)
    made.make("a city", NOW)
    return made


def letter(cabinet: Cabinet, writer: str, **said) -> bytes:
    identity = cabinet.issue_kiosk(writer, NOW)
    body = json.dumps({**SAID, **said}, ensure_ascii=False).encode()
    return write_letter(KIND, identity.pem, body, lambda signed: identity.key.sign(signed, ec.ECDSA(hashes.SHA256())))


def test_a_record_of_the_kiosk_itself_is_believed_and_printed(cabinet):
    record = believed(cabinet, letter(cabinet, "K-01-1"))

    page = spell_record(record, "样例站", ZoneInfo("Asia/Shanghai"))
    for said in ("终端投用记录", "样例站", "K-01-1", "安装&lt;员&gt;", "2026-03-05 09:00:10", "验收通过，可以投用"):
        assert said in page


@pytest.mark.parametrize(
    ("what", "health", "said"),
    [
        ("clock", {"source": "hub"}, "已校准，时间来自中心"),
        ("clock", {}, "已校准，时间来自本机的时间服务"),
        ("clock", {"clock": ClockState.UNSET}, "未设，时间来自本机的时间服务"),
        ("clock", {"clock": ClockState.ESTIMATED}, "估计，时间来自本机的时间服务"),
        ("reader", {}, "正常"),
        ("reader", {"reader": ReaderState.DOWN}, "断开"),
        ("reader", {"reader": ReaderState.BLIND}, "不可用"),
        ("reader", {"reader": ReaderState.DOWN, "reason": "door: gone"}, "没有应答（door: gone）"),
    ],
)
def test_what_a_kiosk_found_is_printed_in_chinese_though_signed_as_it_said_it(cabinet, tmp_path, what, health, said):
    seen = {"clock": ClockState.SYNCED, "reader": ReaderState.UP, "reason": ""} | health
    stamp = Stamp(NOW, seen.pop("clock"), "boot", 1)
    found = look_over(Health(stamp, **seen), tmp_path, "1.2.3")
    (check,) = [each for each in found if each.what == what]
    (disk,) = [each for each in found if each.what == "disk"]

    record = believed(
        cabinet,
        letter(
            cabinet, "K-01-1", ok=False, checks=[asdict(each) for each in found],
            trouble=f"验收未通过：时钟（{check.text}）。等几分钟",
        ),
    )  # fmt: skip
    page = spell_record(record, "样例站", ZoneInfo("Asia/Shanghai"))

    assert check.text in record.letter.body.decode()
    assert f"<td>{said}</td>" in page
    assert f"验收未通过：时钟（{said}）。等几分钟" in page
    assert f"<td>剩余 {disk.text.split()[0]} MiB</td>" in page
    assert not re.search("synced|unset|estimated|time service|MiB free|>(up|down|blind)<", page)


def test_what_a_later_kiosk_finds_is_printed_as_it_came(cabinet):
    found = {"what": "battery", "is_well": True, "text": "half <full>"}
    record = believed(cabinet, letter(cabinet, "K-01-1", checks=[found]))

    assert "<td>half &lt;full&gt;</td>" in spell_record(record, "样例站", ZoneInfo("Asia/Shanghai"))


def test_a_record_in_the_name_of_another_kiosk_is_not(cabinet):
    with pytest.raises(LetterError, match="in the name of K-01-1"):
        believed(cabinet, letter(cabinet, "K-02-1"))


def test_a_record_that_was_changed_is_not(cabinet):
    content = letter(cabinet, "K-01-1", ok=False, trouble="x").replace(b'"ok": false', b'"ok": true ')

    with pytest.raises(LetterError, match="changed on the way"):
        believed(cabinet, content)
