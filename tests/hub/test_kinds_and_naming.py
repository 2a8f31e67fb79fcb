"""The eleven kinds and the names of stations, as the notices have them."""

from __future__ import annotations

import pytest

from hub.register.kinds import KINDS, kind_named
from hub.register.naming import NAMING_RULES, short_name_of
from station.hours import Span

MORNING, AFTERNOON = Span(480, 690), Span(870, 1050)


def test_there_are_eleven_kinds_and_banks_alone_keep_other_hours() -> None:
    assert list(KINDS) == [
        "hospital", "bank", "community", "transport", "culture", "scenic",
        "government", "telecom", "supermarket", "park", "hotel",
    ]  # fmt: skip
    assert {code for code, kind in KINDS.items() if kind.spans != (MORNING, AFTERNOON)} == {"bank"}
    assert KINDS["bank"].spans == (Span(540, 690), Span(870, 1020))


def test_three_kinds_rest_at_the_weekend() -> None:
    resting = {code for code, kind in KINDS.items() if not kind.weekly[5] and not kind.weekly[6]}

    assert resting == {"government", "community", "bank"}
    assert all(all(kind.weekly) for code, kind in KINDS.items() if code not in resting)


@pytest.mark.parametrize(
    ("text", "code"),
    [("医院", "hospital"), ("机场", "transport"), (" 移动营业厅 ", "telecom"), ("Bank", "bank"), ("park", "park")],
)
def test_a_kind_is_known_by_every_usual_name(text: str, code: str) -> None:
    kind = kind_named(text)

    assert kind is not None
    assert kind.code == code


def test_nobody_else_is_a_kind() -> None:
    assert kind_named("工厂") is None


@pytest.mark.parametrize(
    ("city", "name", "kind", "fits"),
    [
        ("puer", "例城医院学雷锋志愿服务点", "hospital", True),
        ("puer", "例城医院学雷锋志愿服务站", "hospital", False),
        ("puer", "例东社区学雷锋志愿服务站", "community", True),
        ("puer", "例东社区志愿者服务站", "community", True),
        ("puer", "例东学雷锋志愿服务站", "community", False),
        ("puer", "例东社区学雷锋志愿服务点", "community", False),
        ("changzhi", "长治市例县新时代文明实践学雷锋志愿服务站", "hospital", True),
        ("changzhi", "例县新时代文明实践学雷锋志愿服务站", "hospital", False),
        ("changzhi", "长治市新时代文明实践学雷锋志愿服务站", "hospital", False),
    ],
)
def test_each_citys_rule_for_names(city: str, name: str, kind: str, *, fits: bool) -> None:
    assert (NAMING_RULES[city].broken_by(name, kind) is None) == fits


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("例城医院学雷锋志愿服务点", "例城医院"),
        ("例东社区志愿者服务站", "例东社区"),
        ("长治市例县新时代文明实践学雷锋志愿服务站", "长治市例县"),
        ("例城医院", "例城医院"),
    ],
)
def test_the_short_name_is_the_host_alone(name: str, short: str) -> None:
    assert short_name_of(name) == short
