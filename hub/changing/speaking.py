"""A change in words, Chinese or English: what, of whom or what, before -> after. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hub.changing.effects import CityChange, Refusal, short_token
from hub.changing.history import IMPORT, UNDO_IMPORT
from hub.register.kinds import KINDS
from hub.register.spelling import read_spans, read_week
from hub.register.terms import Week
from hub.saying import as_said, is_chinese, say, tell
from hub.typed.hours_spelled import days_alike, spell_hours
from station.hours import Span

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "table_city": ("城市", "city"), "table_district": ("区县", "districts"),
    "table_kind_authority": ("主管单位", "authorities"), "table_station": ("站点", "stations"),
    "table_terms": ("服务时间", "terms"), "table_special_day": ("特殊日", "special days"),
    "table_shared_day": ("共同的特殊日", "shared days"), "table_holiday": ("节假日", "holidays"),
    "table_kiosk": ("终端", "kiosks"), "table_volunteer": ("志愿者", "volunteers"),
    "table_person": ("志愿者", "volunteer"),
    "table_membership": ("所属站点", "memberships"), "table_card": ("卡", "cards"), "table_token": ("卡", "card"),
    "table_holding": ("发卡", "cards given"), "table_loss": ("挂失", "losses"),
    "table_shift_week": ("每周值班表", "weeks of shifts"), "table_shift_day": ("单日值班表", "days of shifts"),
    "table_consent": ("同意公开电话", "consents"), "table_telephone": ("电话", "telephones"),
    "table_erased_number": ("已删除的编号", "erased numbers"),
    "name_city": ("城市", "city"), "enter_district": ("区县", "district"),
    "name_authority": ("业务主管单位", "authority"), "enter_station": ("站点", "station entered"),
    "set_terms": ("服务时间与在岗要求", "terms"), "set_special_day": ("特殊日", "special day"),
    "plan_week": ("值班表", "duty roster"), "set_shift_day": ("换班", "roster of a day"),
    "shifts": ("应到", "expected"),
    "set_shared_day": ("统一特殊日", "special day of many"), "enter_holidays": ("节假日安排", "holidays"),
    "set_holiday": ("节假日", "holiday"), "holidays": ("放假与调休", "days"), "sort": ("放假或上班", "sort"),
    "day": ("日期", "day"), "notice": ("通知", "notice"),
    "close_station": ("关闭站点", "station closed"), "reopen_station": ("恢复站点", "station reopened"),
    "enter_kiosk": ("终端", "kiosk entered"), "retire_kiosk": ("停用终端", "kiosk retired"),
    "keep_kiosk": ("恢复终端", "kiosk kept"), "revoke_kiosk": ("吊销终端", "kiosk revoked"),
    "revoked": ("吊销", "revoked"), "enter_person": ("志愿者", "person entered"),
    "train_person": ("培训", "training"), "set_memberships": ("所属站点", "stations"),
    "leave_person": ("离开", "person left"), "return_person": ("回归", "person returned"),
    "enter_card": ("登记卡", "card entered"), "assign_card": ("发卡", "card assigned"),
    "return_card": ("退卡", "card returned"), "lose_card": ("挂失", "card lost"), "find_card": ("找回", "card found"),
    "rotate_key": ("更换站点密钥", "site key to change"), "finish_key": ("新站点密钥生效", "site key changed"),
    "key": ("密钥", "key"),
    "set_telephone": ("电话", "telephone"), "note_consent": ("同意", "consent"),
    "withdraw_consent": ("撤回同意", "consent withdrawn"), "erase_person": ("删除个人信息", "person erased"),
    "undo_import": ("撤销导入", "import undone"), "import": ("导入", "import"),
    "allow_number": ("允许重新登记", "number allowed again"), "telephone": ("电话", "telephone"),
    "lead_telephone": ("负责人电话", "lead's telephone"), "purpose": ("用途", "purpose"), "matter": ("事项", "matter"),
    "agreed_on": ("同意日期", "agreed on"), "withdrawn": ("撤回", "withdrawn"), "erased_on": ("删除日期", "erased on"),
    "comes_again": ("重新登记", "comes again"), "kept": ("已保存", "kept"), "another": ("已更换", "another"),
    "duty": ("值守联系", "duty"), "roster": ("排班联系", "roster"), "record": ("服务记录", "record of service"),
    "of_station": ("站点", "station"), "of_kiosk": ("终端", "kiosk"), "of_person": ("志愿者", "person"),
    "of_token": ("卡", "card"), "from": ("自", "from"), "why": ("理由", "why"), "none": ("无", "none"),
    "name": ("名称", "name"), "naming": ("命名规则", "naming"), "short_name": ("简称", "short name"),
    "district": ("区县", "district"), "kind": ("类别", "kind"), "authority": ("业务主管单位", "authority"),
    "lead": ("负责人", "lead"), "deputy": ("副负责人", "deputy"), "opened_on": ("开放日期", "opened on"),
    "closed_on": ("关闭日期", "closed on"), "created_on": ("登记日期", "entered on"), "code": ("编号", "code"),
    "week": ("服务时间", "hours"), "keeps_holidays": ("节假日休息", "keeps holidays"),
    "minimum": ("最低在岗", "minimum"),
    "target": ("应在岗", "target"), "limits": ("时限", "limits"), "spans": ("服务时间", "hours"),
    "reason": ("原因", "reason"), "id": ("编号", "id"), "entrance": ("入口", "entrance"),
    "in_service_from": ("启用日期", "in service from"), "in_service_to": ("停用日期", "in service to"),
    "full_name": ("姓名", "name"), "star": ("星级", "star"), "registered_on": ("注册日期", "registered on"),
    "left_on": ("离开日期", "left on"), "trained_on": ("培训日期", "trained on"), "stations": ("所属站点", "stations"),
    "cards": ("卡", "cards"), "technology": ("卡技术", "technology"), "added_ms": ("登记时刻", "entered at"),
    "holder": ("持卡人", "holder"), "since": ("起算", "since"), "lost": ("挂失", "lost"), "found": ("找回", "found"),
    "person": ("志愿者", "person"), "station": ("站点", "station"), "always": ("从第一次刷卡", "always"),
    "on": ("日期", "on"), "at": ("时刻", "at"), "number": ("志愿者编号", "number"), "kiosk": ("终端", "kiosk"),
    "card": ("卡", "card"), "closed": ("休息", "closed"), "revised": ("重新计算", "days judged anew"),
    "void_tap": ("作废刷卡", "tap taken out"), "add_tap": ("补记刷卡", "tap added"),
    "retime_tap": ("改刷卡时刻", "tap moved"), "confirm_tap": ("认可刷卡", "tap accepted"),
    "action": ("动作", "action"), "arrive": ("上岗", "arrive"), "leave": ("离岗", "leave"),
    "return": ("返岗", "return"), "step_out": ("临时外出", "step out"), "asked_by": ("申请人", "asked by"),
    "is_proven": ("有凭据", "proven"), "confirmed_until": ("认可至", "accepted until"), "of": ("原记录", "of"),
    "taken_back": ("撤回更正", "taken back"), "until": ("至", "until"), "evidence": ("凭据", "evidence"),
    "add": ("补记", "add"), "void": ("作废", "void"), "retime": ("改时刻", "retime"), "confirm": ("认可", "confirm"),
    "again": ("重复刷卡", "again"), "unmatched": ("对不上", "unmatched"), "assumed": ("忘记离岗", "assumed"),
    "claimed": ("自述在岗", "claimed"), "uncertain": ("时刻不定", "uncertain"), "accepted": ("已认可", "accepted"),
    "enter_channel": ("录入通知渠道", "alarm channel entered"), "of_channel": ("渠道", "channel"),
    "change_channel": ("修改通知渠道", "alarm channel changed"), "way": ("方式", "way"),
    "remove_channel": ("删除通知渠道", "alarm channel removed"), "short": ("人数不足也通知", "told of too few"),
    "address": ("地址", "address"), "wecom": ("企业微信", "WeCom"), "dingtalk": ("钉钉", "DingTalk"),
    "feishu": ("飞书", "Feishu"), "web_hook": ("网络回调", "web hook"), "mail": ("邮件", "mail"),
    "moved": ("已改时刻", "moved"), "unproven": ("无凭据", "unproven"), "card_of_nobody": ("无主的卡", "a card"),
    "grace": ("关门后仍算", "grace"), "early": ("开门前可到", "early"), "budget": ("每次外出", "stepping out"),
    "joined": ("相隔不超过算一段", "joined"), "closing": ("关门前刷卡算离岗", "closing"),
    "off_hours": ("开放时间外算到", "off hours"), "adopted": ("开门前到的并入", "adopted"),
    "longest": ("一段最长", "longest"), "take_back": ("离岗后可撤回", "take back"),
    "minutes": ("分钟", "min"),
    "nobody": ("无人", "nobody"), "iso14443a": ("NFC 卡", "NFC card"), "em4100": ("ID 卡", "ID card, 125 kHz"),
    "off": ("放假", "off"), "work": ("上班", "work"), "yes": ("是", "yes"), "no": ("否", "no"),
}  # fmt: skip

_CODED: Final = frozenset(
    {"telephone", "lead_telephone", "purpose", "matter", "action", "taken_back", "sort", "way", "address"}
)
_DAYS: Final = ("周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun")


@dataclass(frozen=True, slots=True)
class Speaking:
    """In one language."""

    is_chinese: bool

    @property
    def _comma(self) -> str:
        return "，" if self.is_chinese else ", "

    @property
    def _semicolon(self) -> str:
        return "；" if self.is_chinese else "; "

    @property
    def _colon(self) -> str:
        return "：" if self.is_chinese else ": "

    @classmethod
    def of_locale(cls, environ: Mapping[str, str]) -> "Speaking":
        """That of the terminal."""
        return cls(is_chinese=is_chinese(environ))

    def plain(self, text: str) -> str:
        """A sentence."""
        return tell(text, is_chinese=self.is_chinese)

    def refusal(self, refusal: Refusal) -> str:
        """Why it cannot be."""
        place = as_said(self._word(refusal.field) if self.is_chinese else refusal.field)
        told = {"place": place, "found": as_said(refusal.found), "wanted": as_said(refusal.wanted)}
        said = self.plain(say("{place}: found {found}; wanted is {wanted}", **told))
        return said + self.plain("; say it with --why") if refusal.field == "why" else said

    def change(self, what: str, change: CityChange) -> str:
        """One that was made just now."""
        concerns = {"station": change.station, "kiosk": change.kiosk, "person": change.person, "token": change.token}
        return self.line(what, concerns, change.before, change.after, str(change.day_from or ""))

    def line(
        self, what: str, concerns: Mapping[str, str], before: Mapping[str, Any], after: Mapping[str, Any], day: str
    ) -> str:
        """What, of whom or what, before -> after, from which day on."""
        named = ((name, short_token(value) if name == "token" else value) for name, value in concerns.items() if value)
        of = self._comma.join(f"{self._word(f'of_{name}')} {value}" for name, value in named)
        if channel := before.get("channel") or after.get("channel"):
            of = self._comma.join(filter(None, (f"{self._word('of_channel')} {channel}", of)))
        told = (
            (name, self._value(name, before.get(name)), self._value(name, after.get(name)))
            for name in {**before, **after}
            if name != "channel"
        )
        facts = self._semicolon.join(
            # what there was no word of before is not said to have been nothing
            f"{self._word(name)}{self._colon}{f'{was} -> ' if name in before else ''}{is_now}"
            for name, was, is_now in told
            if was != is_now
        )
        from_day = f"({self._word('from')} {day})" if day else ""
        return "  ".join(part for part in (self._word(what), of, facts, from_day) if part)

    def why(self, text: str) -> str:
        """A reason, where there is one."""
        return f"{self._word('why')}{self._colon}{self.reason(text)}" if text else ""

    def reason(self, text: str) -> str:
        """As it was given; that of an import or its undoing, which nobody typed, in words."""
        for begins, word in ((IMPORT, "import"), (UNDO_IMPORT, "undo_import")):
            if text.startswith(begins):
                return f"{self._word(word)} {text.removeprefix(begins).replace(', ', self._comma)}"
        return text

    def revised(self, days: Mapping[str, Sequence[date]]) -> str:
        """Which days of the past are otherwise by it."""
        told = self._comma.join(f"{station} {_span(of)}" for station, of in days.items())
        return f"{self._word('revised')}{self._colon}{told}" if told else ""

    def _week(self, week: Week) -> str:
        """Days of the same hours together."""
        return self._days([spell_hours(spans) or self._word("closed") for spans in week])

    def _days(self, told: Sequence[str]) -> str:
        """What is said of each day of a week, days of which the same is said together; of some nothing."""
        days = _DAYS[0 if self.is_chinese else 1].split()
        return self._semicolon.join(
            f"{days[first]}-{days[last]} {told[first]}" if first < last else f"{days[first]} {told[first]}"
            for first, last in days_alike(told)
            if told[first]
        )

    def _shifts(self, value: Sequence[Sequence[Any]]) -> str:
        """Who is expected when, by opaque id: of one day, or of each day of a week."""
        told: dict[int | None, list[str]] = {}
        for *weekday, opens_min, closes_min, people in value:
            text = " ".join([spell_hours((Span(opens_min, closes_min),)), *people])
            told.setdefault(weekday[0] if weekday else None, []).append(text)
        joined = {day: self._comma.join(texts) for day, texts in told.items()}
        return joined[None] if None in joined else self._days([joined.get(day, "") for day in range(7)])

    def word(self, name: str) -> str:
        """A name of this room, as people say it."""
        return self._word(name)

    def _word(self, name: str) -> str:
        chinese, english = _WORDS.get(name, (name, name))
        return chinese if self.is_chinese else english

    def _value(self, name: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return self._word("nobody" if name == "shifts" and value == [] else "none")
        told = {
            "week": self._hours_of_week, "shifts": self._shifts, "limits": self._limits, "spans": self._hours,
            "kind": self._kind, "technology": self._word,
        }.get(name)  # fmt: skip
        if told is not None:
            return told(value)
        if isinstance(value, list):
            return ("、" if self.is_chinese else ",").join(
                self._day_off(one) if name == "holidays" else str(one) for one in value
            )
        if isinstance(value, bool):
            value = "yes" if value else "no"
        return self._word(value) if value in {"always", "yes", "no"} or name in _CODED else str(value)

    def _hours_of_week(self, value: Any) -> str:
        return self._week(read_week(value))

    def _hours(self, value: Any) -> str:
        return spell_hours(read_spans(value)) or self._word("closed")

    def _kind(self, value: Any) -> str:
        kind = KINDS.get(value)
        return str(value) if kind is None else kind.zh if self.is_chinese else kind.en

    def _limits(self, value: Any) -> str:
        minutes = self._word("minutes")
        told = (f"{self._word(one)} {s / 60:g} {minutes}" for one, s in json.loads(value).items())
        return self._comma.join(told) or self._word("none")

    def _day_off(self, day: str) -> str:
        """A day as history has it, its sort in words."""
        return " ".join(map(self._word, day.split(" ")))


def _span(days: Sequence[date]) -> str:
    """The day, or the first and the last, and how many."""
    return str(days[0]) if len(days) == 1 else f"{days[0]}..{days[-1]} ({len(days)})"
