"""What is wanted of a kiosk's settings: kept with a version, and refused where it would make a kiosk another's."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.asking.asked import read_commands
from hub.asking.configuring import SettingsError, read_file, read_wanted, spell_settings, want, with_set
from hub.database.transactions import reading, writing
from hub.saying import said_by, tell
from station.names import KioskId

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOW = datetime(2026, 3, 5, 1, tzinfo=UTC)
KIOSK = KioskId("K-01-1")


def test_each_wish_has_a_version_and_is_asked_whole(engine: Engine) -> None:
    with writing(engine) as connection:
        want(connection, KIOSK, {"limits": {"guard_s": 8}}, by="clerk", now=NOW)
        wanted, id_ = want(connection, KIOSK, {"signals": {"lamp": ""}}, by="clerk", now=NOW)
    with reading(engine) as connection:
        assert read_wanted(connection, KIOSK) == wanted
        assert read_wanted(connection, KioskId("K-01-2")).version == 0
        asked = {each.id: each.args for each in read_commands(connection, KIOSK)}
    assert (wanted.version, wanted.by, len(asked)) == (2, "clerk", 2)
    assert asked[id_] == {"version": "2", "settings": '{"signals": {"lamp": ""}}'}


@pytest.mark.parametrize("table", [{"kiosk": "x"}, {"data_dir": "/"}, {"broker": {"ca_file": "/x"}}])
def test_who_a_kiosk_is_is_not_the_hubs_to_set(engine: Engine, table: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="who a kiosk is"), writing(engine) as connection:
        want(connection, KIOSK, table, by="clerk", now=NOW)
    with reading(engine) as connection:
        assert not read_commands(connection, KIOSK)


@pytest.mark.parametrize(
    ("pairs", "table"),
    [
        (["limits.guard_s=8"], {"limits": {"guard_s": 8, "hold_s": 2}, "a": 1}),
        (["limits.guard_s=8.5", "signals.lamp=tower:/dev/x"], {
            "limits": {"guard_s": 8.5, "hold_s": 2}, "a": 1, "signals": {"lamp": "tower:/dev/x"},
        }),
        (["limits.hold_s="], {"limits": {}, "a": 1}),
        (["a=", "b.c.d="], {"limits": {"hold_s": 2}}),
        (["has_clock_chip=true"], {"limits": {"hold_s": 2}, "a": 1, "has_clock_chip": True}),
        (['readers=[{name="door",url="acr122u:usb"}]'], {
            "limits": {"hold_s": 2}, "a": 1, "readers": [{"name": "door", "url": "acr122u:usb"}],
        }),
    ],
)  # fmt: skip
def test_one_thing_is_set_or_taken_out_and_the_rest_stays(pairs: list[str], table: dict[str, Any]) -> None:
    assert with_set({"limits": {"hold_s": 2}, "a": 1}, pairs) == table


@pytest.mark.parametrize("pair", ["limits", "=3", "limits.=3", ".guard_s=3", ""])
def test_what_is_no_pair_is_refused(pair: str) -> None:
    with pytest.raises(SettingsError, match=r"limits.guard_s=8"):
        with_set({}, [pair])


def test_a_file_is_toml() -> None:
    assert read_file('[limits]\nguard_s = 8\n[[readers]]\nname = "door"\n') == {
        "limits": {"guard_s": 8}, "readers": [{"name": "door"}],
    }  # fmt: skip
    for text in ("[limits", "at = 2026-03-05", f"limits.guard_s = {'9' * 5000}", f"a = {'[' * 5000}"):
        with pytest.raises(SettingsError):
            read_file(text)


def test_a_file_that_is_no_toml_is_refused_by_line_and_in_chinese() -> None:
    for text in ("a = 1\nlimits.guard_s 8", "a = 1\nb = 'x", "a = 1\n[limits", "a = 1\na = 2", "a = 1\nhost = x"):
        with pytest.raises(SettingsError) as refused:
            read_file(text)
        told = tell(said_by(refused.value), is_chinese=True)
        assert "第 2 行不是 TOML 格式的设置" in told
        assert not re.search(r"[a-z]{2,} [a-z]{2,}", told), told


NAMES = st.text("abc_ .", min_size=1, max_size=4)
PLAIN = st.one_of(
    st.booleans(), st.integers(-(2**40), 2**40), st.floats(allow_nan=False), st.text('a1"\\ 门\n', max_size=5)
)
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_settings_that_are_spelled_out_are_read_as_they_were(table: dict[str, Any]) -> None:
    assert read_file(spell_settings(table)) == table


def test_a_setting_is_a_line() -> None:
    table = {"limits": {"guard_s": 8.0}, "readers": [{"name": "door", "url": "acr122u:usb"}]}

    assert spell_settings(table) == 'limits.guard_s = 8.0\nreaders = [{ "name" = "door", "url" = "acr122u:usb" }]\n'
