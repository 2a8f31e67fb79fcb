"""What people write in their own words: no number of a telephone or an identity card is kept of it, at any desk."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.accounts.access_log import read_access
from hub.changing import commands as asked
from hub.changing.proposal import apply
from hub.database.account_tables import DoorRow
from hub.database.amend_table import AmendRequest
from hub.database.command_table import KioskCommand
from hub.database.history_table import ChangeRow
from hub.database.inbox_table import InboxStep
from hub.database.tables import SharedDay, SpecialDay
from hub.database.transactions import reading, writing
from hub.register.personal import has_mobile_number, tells_a_number
from hub.rights import Grant, Role
from tests.hub.desks.test_amend_requests import VOLUNTEER, invited
from tests.hub.desks.test_amending_page import DAY, TAP, forgot
from tests.hub.desks.test_desks import CITY, LEAD, main_of, rows, send
from tests.hub.gate.conftest import GuardedHub
from tests.hub.pages.board_source import MORNING, ZONE
from tests.hub.running import until

__all__ = ["forgot"]
PHONE, IDENTITY = "138 0013-8000", "11010519491231002X"
TODAY = str(MORNING.astimezone(ZONE).date())
FORMS: list[tuple[str, dict[str, str], str]] = [
    ("/stations/ZG-02/closing", {"day": TODAY}, "reason"),
    ("/city/stations/ZG-02/special", {"day": TODAY}, "reason"),
    ("/city/stations/ZG-02/terms", {"minimum": "1", "target": "2"}, "why-terms"),
    ("/calendar/save", {"what": "days", "first": TODAY, "district": "D-1"}, "reason"),
    ("/calendar/look", {"what": "days", "first": TODAY, "district": "D-1"}, "reason"),
    ("/people/p1/leave", {}, "why"),
    ("/kiosks", {"kiosk": "zg-02-b", "station": "ZG-02"}, "entrance"),
    ("/system/doors", {"what": "screen"}, "door-name"),
    (TAP, {"what": "void", "sure": "1", "why": "重复或误刷"}, "more"),
    (TAP, {"what": "leave", "time": "10:40", "sure": "1", "why": "忘记刷卡"}, "evidence"),
    (TAP, {"what": "leave", "time": "10:40", "sure": "1", "why": "忘记刷卡"}, "asked_by"),
]


@pytest.mark.parametrize("number", [PHONE, IDENTITY])
def test_no_free_text_of_a_form_keeps_a_persons_number(forgot: GuardedHub, number: str) -> None:
    with forgot.ask(forgot.session("li", CITY)) as client:
        for path, fields, name in FORMS:
            before = [rows(forgot, model) for model in (ChangeRow, SpecialDay, SharedDay, DoorRow)]

            answer = send(client, path, **fields, **{name: f"请打{number}找老张"})

            assert answer.status_code in {409, 422}, path
            assert f'id="w-{name}"' in answer.text, path
            assert "电话号码" in main_of(answer), path
            assert before == [rows(forgot, model) for model in (ChangeRow, SpecialDay, SharedDay, DoorRow)], path


def test_no_request_answer_or_note_keeps_a_persons_number(forgot: GuardedHub) -> None:
    invited(forgot)
    with forgot.ask(forgot.session("n1", VOLUNTEER)) as client:
        answer = send(client, "/me/taps", station="ZG-02", day=DAY, said=f"忘了，打{PHONE}问我")
        assert answer.status_code == 422
        assert "电话号码" in main_of(answer)
        assert not rows(forgot, AmendRequest)
        send(client, "/me/taps", station="ZG-02", day=DAY, said="忘了")
    with forgot.ask(forgot.session("zhao", LEAD)) as client:
        assert send(client, "/stations/ZG-02/requests/1", answer=f"已更正，{IDENTITY}").status_code == 422

        def waiting() -> dict[str, str]:
            return {one["kind"]: one["key"] for one in client.get("/api/v1/inbox").json()}

        until(lambda: "request" in waiting())
        key = waiting()["request"]
        page = send(client, f"/inbox/{key}/contacted", **{f"note-{key}": f"打了{PHONE}"})
        assert page.status_code == 422
        assert "备注会一直保留" in main_of(page)
        api = client.post(f"/api/v1/inbox/{key}/contacted", json={"note": PHONE})
        assert (api.status_code, set(api.json()["detail"])) == (422, {"note"})
    (row,) = rows(forgot, AmendRequest)
    assert row["answer"] == ""
    assert not rows(forgot, InboxStep)


def test_no_reason_of_a_command_keeps_a_persons_number(desks: GuardedHub) -> None:
    with writing(desks.engine) as connection:
        outcome = apply(
            connection, [asked.LeavePerson("p1")], by="root", at=MORNING, zone=ZONE, why=f"本人来电 {PHONE}"
        )
    ((_, refusal),) = outcome.refusals
    assert refusal.field == "why"
    assert "8000" not in str(refusal)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("请打13800138000", True), ("+86 138-0013-8000", True), ("手机：138 0013 8000。", True), (IDENTITY, True),
        ("１３８００１３８０００", True), ("1 3 8 0 0 1 3 8 0 0 0", True), ("3、13800138000", True),
        ("15:30-17:30，100人", False), ("13:30-17:30 12-1", False), ("2026-03-05 10:40 到 17:30", False),
        ("登记册第3页第2行", False), ("0355-2024410", False), ("志愿者 140400000123", False),
        ("15182026，113", False), ("", False), ("13.30-14.30 150", False), ("1330-1430 150", False),
        ("8.30-11.30 14.30-17.30 139", False), ("1352-1534-567", True), ("138.0013.8000", True),
    ],
)  # fmt: skip
def test_times_days_and_counts_are_nobodys_number(text: str, *, is_told: bool) -> None:
    assert tells_a_number(text) is is_told


_HOURS, _MINUTES = st.integers(6, 22), st.integers(0, 59)
_CLOCK = st.builds(
    lambda hour, minute, shape: shape.format(h=hour, m=minute), _HOURS, _MINUTES,
    st.sampled_from(["{h}:{m:02}", "{h}.{m:02}", "{h:02}:{m:02}", "{h:02}.{m:02}", "{h}：{m:02}", "{h}点{m}分"]),
)  # fmt: skip
_SPAN = st.builds(
    lambda a, b, dash: f"{a}{dash}{b}", _CLOCK, _CLOCK, st.sampled_from(["-", "–", "—", " - ", "到", "~"])
)
_BARE_SPAN = st.builds(
    lambda h, m, more, n: f"{h:02}{m:02}-{h + more:02}{n:02}", st.integers(6, 19), _MINUTES, st.integers(1, 3), _MINUTES
)
_DATE = st.builds(
    lambda year, month, day, shape: shape.format(y=year, m=month, d=day), st.integers(2024, 2030), st.integers(1, 12),
    st.integers(1, 28), st.sampled_from(["{y}-{m:02}-{d:02}", "{y}.{m}.{d}", "{y}/{m}/{d}", "{m}.{d}", "{m}月{d}日"]),
)  # fmt: skip
_COUNT = st.builds(
    lambda n, unit: f"{n}{unit}", st.integers(1, 999), st.sampled_from(["人", "人次", "张", "份", "分钟", ""])
)


@given(
    st.lists(st.tuples(st.one_of(_CLOCK, _SPAN, _BARE_SPAN, _DATE), _COUNT), min_size=1, max_size=4),
    st.sampled_from([" ", "，", "、", "; "]),
)
@example([("13.30-14.30", "150")], " ")
def test_a_sentence_of_times_days_and_counts_is_no_number(told: list[tuple[str, str]], between: str) -> None:
    assert not tells_a_number(between.join(f"{when} {count}" for when, count in told))


_GROUPS = ((11,), (3, 8), (3, 4, 4), (7, 4), (3, 3, 5), (4, 4, 3), (3, 3, 3, 2), (3, 2, 2, 2, 2), (5, 6), (1,) * 11)


def _spelled(digits: str, groups: tuple[int, ...], between: str) -> str:
    ends = list(itertools.accumulate(groups))
    return between.join(digits[end - size : end] for size, end in zip(groups, ends, strict=True))


@given(
    st.builds(
        _spelled, st.from_regex(r"1[35789]\d{9}", fullmatch=True, alphabet=st.characters(codec="ascii")).filter(has_mobile_number),
        st.sampled_from(_GROUPS), st.sampled_from([" ", "-", ".", "·", "—", " - "]),
    ),
    st.sampled_from(["", "+86 ", "86-", "0086", "(+86)", "电话", "打：", "13:30 请打 ", "9.30-11.30，"]),
    st.sampled_from(["", "。", " 找我", "，14.30后", " 13:30"]),
)  # fmt: skip
def test_a_number_that_is_dialled_is_one_however_it_is_written(number: str, before: str, after: str) -> None:
    assert tells_a_number(before + number + after)


def collected(hub: GuardedHub) -> None:
    """The kiosk has given its log."""
    with writing(hub.engine) as connection:
        row = KioskCommand(
            id="c1", kiosk="zg-02-a", name="collect", args="{}", by="li", asked_ms=1, expires_ms=2, answered_ms=2,
            outcome="done", said="", found='{"log": "started"}',
        )  # fmt: skip
        connection.execute(KioskCommand.__table__.insert().values(row.model_dump()))  # type: ignore[attr-defined]


def test_who_took_a_kiosks_log_away_is_in_the_log_of_access(desks: GuardedHub) -> None:
    collected(desks)
    with desks.ask(desks.session("an", Grant(Role.INSTALLER))) as client:
        assert client.get("/kiosks/zg-02-a/log").text == "started"
    with reading(desks.engine) as connection:
        (line,) = [one for one in read_access(connection, 50) if one.what == "looked_at_log"]
    assert (line.by, line.subject) == ("an", "zg-02-a")
