"""What hands write wrongly into a kiosk's settings: each is refused in one sentence that says what is wanted."""

import pytest

from edge.config import read_config
from station.errors import ConfigError
from tests.edge.test_config import SOUND

AT_THE_END = (  # a line that was appended, which TOML takes for the last table's
    "allow_any_path = true", "has_clock_chip = true", 'station = "x"', 'kiosk = "x"', 'data_dir = "/x"',
    'site_key_file = "/x"', "port = 1883", 'host = "b"', 'username = "u"', 'password_file = "/x"', "guard_s = 5.0",
    "hold_s = 2.0", 'lamp = "gpio:red=17,green=27,blue=22"', 'sound = "aplay:default"', 'step_out = "gpio:21"',
)  # fmt: skip
IN_PLACE_OF = {
    '"/nowhere/data"': ('""', '"data"', '"./data"', '"~/data"', '"/"', '" "', "5", "true"),
    '"/nowhere/key"': ('""', '"key"', '"~/key"', "7"),
    '"sq01-a"': ('""', '"hub"', '"a b"', '"a/b"', '"a+b"', '"终端"', "3", f'"{"k" * 40}"'),
    '"SQ01"': ('""', '"a b"', '"A#"', "1", '"站"'),
    '"door"': ('""', '"a b"', "1"),
    '"pn532:/dev/ttyUSB0"': (
        '""', '"pn532"', '"pn532:"', '"pn532:ttyUSB0"', '"PN532:/dev/ttyUSB0"', '"/dev/ttyUSB0"', '"rc522:/dev/x"',
        '"pn532:/dev/pts/1"', '"pn532:/dev/ttyUSB0 "', "5",
    ),
    "[[readers]]": tuple(
        f"[{table}]\n{line}\n[[readers]]"
        for table, lines in {
            "broker": (
                'host = ""', 'host = "mqtt://b"', 'host = "192.0.2.7:1883"', 'host = "[::1]"', 'host = "b\\n"', "host = 5",
                "port = 0", "port = 70000", "port = -1", 'port = "1883"', "port = 1883.5", 'hots = "b"',
                'password = "x"', 'password_file = "/x"', 'username = "u"\npassword_file = "x"', 'ca_file = "/x"',
            ),
            "limits": (
                "guard_s = 0.01", "guard_s = 1e9", "guard_s = nan", "guard_s = inf", 'guard_s = "5"', "hold_s = 0",
                "hold_s = -1", "hold_s = 9", "guard = 5",
            ),
            "reader": ('name = "x"',), "limit": ("guard_s = 5",),
        }.items() for line in lines
    ),
}  # fmt: skip
MISTAKES = [SOUND.replace(was, typed) for was, all_typed in IN_PLACE_OF.items() for typed in all_typed]
MISTAKES += [
    f"allow_any_path = 1\n{SOUND}",
    f"stations = 2\n{SOUND}",
    SOUND.replace('"', "“"),
    SOUND.replace("]]", "]"),
]


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_refused_with_what_is_wanted(text: str) -> None:
    assert text != SOUND
    with pytest.raises(ConfigError) as caught:
        read_config(text, {}, file="edge.toml")

    said = str(caught.value)
    assert said.startswith("edge.toml")
    assert "wanted " in said
    assert "bool" not in said


@pytest.mark.parametrize("line", AT_THE_END)
def test_a_line_under_the_wrong_table_is_told_where_it_belongs(line: str) -> None:
    key = line.partition(" ")[0]
    with pytest.raises(ConfigError, match=rf"edge.toml: {key} stands under \[\[readers\]\], and belongs .*: move that"):
        read_config(f"{SOUND}{line}\n", {}, file="edge.toml")
