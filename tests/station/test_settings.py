"""Settings: a wrong one names file, key, what was found and what is wanted."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from station.errors import ConfigError
from station.settings import read_settings


@dataclass(frozen=True)
class Broker:
    host: str = "127.0.0.1"
    port: int = 1883


@dataclass(frozen=True)
class Door:
    name: str


@dataclass(frozen=True)
class Settings:
    station: str
    data_dir: Path = Path("data")
    hold: timedelta = timedelta(seconds=2)
    broker: Broker = field(default_factory=Broker)
    doors: tuple[Door, ...] = ()


def read(text: str, environ: dict[str, str] | None = None) -> Settings:
    return read_settings(Settings, text, environ or {}, file="edge.toml", room="edge")


def test_file_then_environment() -> None:
    found = read('station = "hall"\n[broker]\nport = 1884', {"ZAIGANG_EDGE_BROKER__HOST": "hub.local", "OTHER": "x"})

    assert found == Settings("hall", broker=Broker("hub.local", 1884))


def test_variables_are_spelled_as_toml_or_as_plain_text() -> None:
    found = read("", {"ZAIGANG_EDGE_STATION": "hall", "ZAIGANG_EDGE_BROKER__PORT": "1900", "ZAIGANG_EDGE_HOLD": "1.5"})

    assert found == Settings("hall", hold=timedelta(seconds=1.5), broker=Broker(port=1900))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "edge.toml: station: 'station' is missing"),
        ("station = 7", "edge.toml: station: 7; wanted is text"),
        ('station = "hall"\n[broker]\nport = "1883"', "edge.toml: broker.port: '1883'; wanted is a whole number"),
        (
            'station = "hall"\ncolour = "red"',
            "edge.toml: at the top: there is no key 'colour'; wanted is one of station, d",
        ),
        ('station = "hall"\n[broker]\nprot = 1', "broker: there is no key 'prot'; wanted is one of host, port"),
        ('station = "hall"\nbroker = "hub"', "edge.toml: broker: 'hub'; wanted is a table"),
        ('station = "hall"\n[doors]\nname = "a"', "edge.toml: doors: a table; wanted is a list, in TOML [[...]]"),
        ('station = "hall"\ndoors = "a"', "edge.toml: doors: 'a'; wanted is a list"),
        ('station = "hall"\ndoors = ["a"]', "edge.toml: doors[0]: 'a'; wanted is a table"),
        ("station = ", "edge.toml is no TOML"),
        (
            'station = "hall"\n[[doors]]\nname = "a"\nhold = 3',
            "edge.toml: hold stands under [[doors]], and belongs at the top, before the first [table]: move that line",
        ),
        ("host = 7", "host stands at the top, before the first [table], and belongs under [broker]: move"),
        ('[broker]\nname = "a"', "name stands under [broker], and belongs under [[doors]]: move"),
    ],
)
def test_a_wrong_file_says_where_what_and_what_instead(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '\ufeffstation = "hall"',
        'station\u3000=\xa0"hall"',
        'station = "ha\u200bll\u202e"',
        'station = "hall"\r\n\u200b\r\n',
    ],
)
def test_what_nobody_sees_in_a_file_is_not_there(text: str) -> None:
    assert read(text) == Settings("hall")


def test_what_nobody_sees_in_a_variable_is_not_there() -> None:
    assert read("", {"ZAIGANG_EDGE_STATION": "\ufeffhall\u200b "}) == Settings("hall")


def test_a_variable_for_no_key_is_a_slip_and_said_so() -> None:
    with pytest.raises(ConfigError, match="ZAIGANG_EDGE_STATON: there is no key 'staton'"):
        read('station = "hall"', {"ZAIGANG_EDGE_STATON": "bank"})
