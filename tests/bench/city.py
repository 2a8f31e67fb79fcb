"""A city of 1,000 kiosks at the hub, and what they would send: taps of known people, told right."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hub.site_key import read_site_key
from simulator.city import SimCity, invent
from simulator.spreadsheets import write_spreadsheets
from station.names import Epoch, Seq, Session, StationCode, Token
from station.records import Action, ClockState, Tap
from station.token import token_of
from station.wire import topics
from station.wire.codec import encode
from station.wire.messages import Journal

STATIONS = 790  # nearly every third one has a second entrance: at least 1,000 kiosks
KIOSKS = 1000
START = datetime.fromisoformat("2026-03-05T08:10:00+08:00")
HUB_STARTS = datetime.fromisoformat("2026-03-05T09:30:00+08:00")
HUB_CLOCK = f"{HUB_STARTS.isoformat()}@1"
SPAN = timedelta(minutes=17)  # of one run; the next run's taps come after it, as they would


@dataclass
class Load:
    """What is published, and what the hub must show after it."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)
    through: dict[tuple[str, str], int] = field(default_factory=dict)
    on_duty: dict[str, int] = field(default_factory=dict)
    records: int = 0


@dataclass
class Kiosk:
    """One sender."""

    id: str
    station: str
    tokens: list[Token]
    epoch: Epoch
    session: Session
    seq: int = 0
    n: int = 0
    present: set[Token] = field(default_factory=set)

    def tap(self, at: datetime) -> Tap:
        """The next person arrives or leaves."""
        token = self.tokens[self.seq % len(self.tokens)]
        is_there = token in self.present
        (self.present.discard if is_there else self.present.add)(token)
        self.seq += 1
        return Tap(
            seq=Seq(self.seq), at=at, clock=ClockState.SYNCED, boot="00000000-0000-4000-8000-000000000000",
            mono_ms=self.seq * 1000, token=token, card_kind="type2", reader="main",
            action=Action.LEAVE if is_there else Action.ARRIVE,
        )  # fmt: skip


def enter(folder: Path, stations: int = STATIONS) -> tuple[SimCity, Path]:
    """Import the city; gives it and the hub's data directory."""
    data = folder / "hub"
    sheets = folder / "sheets"
    sheets.mkdir(parents=True)
    city = invent(7, stations)
    files = write_spreadsheets(city, sheets)
    config = folder / "import.toml"
    config.write_text(f'data_dir = "{data}"\n')
    command = [sys.executable, "-m", "hub", "import", "--config", str(config), *map(str, files)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return city, data


def kiosks(city: SimCity, data: Path, run: int, most: int = KIOSKS) -> list[Kiosk]:
    """The senders of one run, each with people of its own."""
    key = read_site_key(data / "site.key")
    people: dict[str, list[Token]] = {}
    for volunteer in city.volunteers:
        token = token_of(key, "iso14443a", volunteer.cards[0].number)
        people.setdefault(volunteer.station, []).append(token)
    made = []
    for station in city.stations:
        tokens = people[station.code]
        share = len(station.kiosks)
        for place, kiosk in enumerate(station.kiosks):
            number = len(made)
            epoch, session = Epoch(f"{run:04x}{number:012x}"), Session(f"{run:04x}{number:012x}")
            made.append(Kiosk(kiosk, station.code, tokens[place::share], epoch, session))
    # Side entrances last: two taps of one station in the same moment could undo each other on the board.
    return sorted(made[:most], key=lambda kiosk: kiosk.id.endswith("-b"))


def load(
    senders: list[Kiosk], messages: int, per_message: int, start: datetime = START, span: timedelta = SPAN
) -> Load:
    """So many messages, the senders taking turns, their taps spread over `span`."""
    made = Load()
    step = span / (messages * per_message)
    moments: Iterator[datetime] = (start + step * i for i in range(messages * per_message))
    for i in range(messages):
        sender = senders[i % len(senders)]
        sender.n += 1
        first = sender.seq + 1
        taps = tuple(sender.tap(next(moments)) for _ in range(per_message))
        message = Journal(sender.session, sender.n, sender.epoch, Seq(first), Seq(1), taps)
        made.messages.append((topics.journal(StationCode(sender.station), sender.id), encode(message)))  # type: ignore[arg-type]
    made.records = messages * per_message
    made.through = {(sender.id, sender.epoch): sender.seq for sender in senders}
    for sender in senders:
        made.on_duty[sender.station] = made.on_duty.get(sender.station, 0) + len(sender.present)
    return made
