"""A version is exchanged, and taken back, in the midst of all else that changes a kiosk: neither breaks the other.

The site key is rotated, the certificate renewed, records are carried away by hand, an update was wished for. The agent
ends and another begins between any two steps of these, in order or with the power; what lies on the disk must do.
"""

from collections.abc import Callable

import pytest

from edge.commands import Commands
from edge.config import EdgeConfig
from edge.exporting import export
from edge.order_book import OrderBook
from edge.outgoing import Outgoing
from edge.updating import NAME, RESULT, WISH, UpdateWish
from station.carried import read_carried
from station.records import Tap
from station.token import fingerprint_of
from station.wire.messages import Command
from tests.edge.hub_in_memory import JOURNAL
from tests.edge.hub_in_memory import Hub as HubInMemory
from tests.edge.rig import KIOSK, STATION, THURSDAY, Bench, card, duty, roster, token
from tests.edge.test_identities import Hub
from tests.edge.test_site_keys import NEXT, next_token, roster_under_next

STEPS = (
    "wish",
    "tap",
    "key",
    "tap again",
    "request",
    "certificate",
    "welcome",
    "export",
    "roster",
    "tap at last",
    "result",
)


class Evening:
    """One kiosk's, step by step; the agent is another whenever `exchange` was called."""

    def __init__(self, place) -> None:
        self.hub = Hub(place)
        self.place = place
        self.bench = Bench(self.hub.folder)
        self.bench.broker = self.hub.broker
        self.bench.tell(duty(), roster({1: "p1"}))
        self.bench.hands.go_to("20:00")
        self.request = ""
        self.carried: set[tuple[object, int]] = set()
        self.replies: list[tuple[str, bool]] = []
        self.begin()

    def begin(self) -> None:
        self.identities = self.hub.identities()
        self.wish = UpdateWish(self.bench.path, self.bench.kiosk.known_calendar, self.bench.kiosk.known_now)
        self.commands = Commands({NAME: self.wish}, OrderBook(self.bench.path))

    def exchange(self, *, clean: bool) -> None:
        self.bench.restart(clean=clean, reboot=not clean)
        self.begin()

    def do(self, step: str) -> None:
        doing: dict[str, Callable[[], object]] = {
            "wish": self._wish, "tap": self._tap, "tap again": self._tap, "tap at last": self._tap,
            "key": lambda: self.bench.kiosk.site_keys.take(NEXT), "request": self._ask,
            "certificate": lambda: self.identities.take(self.hub.sign(self.request)),
            "welcome": self._come_in, "export": self._export,
            "roster": lambda: self.bench.tell(roster_under_next({1: "p1"}, version=9)), "result": self._hear,
        }  # fmt: skip
        doing[step]()

    def _wish(self) -> None:
        self.commands.obey(
            Command("u-1", THURSDAY.replace(year=2027), NAME, {"version": "1.2.0"}), self.bench.kiosk.health().stamp
        )

    def _tap(self) -> None:
        self.bench.hands.pass_s(60)
        assert self.bench.touch(card(1)) is not None

    def _ask(self) -> None:
        self.request = self.identities.make_request()

    def _come_in(self) -> None:
        self.identities.way()
        self.identities.welcomed()

    def _export(self) -> None:
        config = EdgeConfig(
            station=STATION, kiosk=KIOSK, data_dir=self.bench.path, site_key_file=self.place / "site.key", readers=(),
            broker=self.hub.broker,
        )  # fmt: skip
        exported = export(config, self.place)
        taken = HubInMemory()
        for payload in read_carried(exported.path.read_bytes()).messages:
            taken.take(Outgoing(JOURNAL, payload, retain=False))
        assert len(taken.stored) == exported.records == len(self.bench.records())
        assert taken.conflicts == []

    def _hear(self) -> None:
        assert (self.bench.path / WISH).exists()
        (self.bench.path / RESULT).write_text('{"version": "1.2.0", "ok": true, "text": "", "order": "u-1"}')
        self.wish.tend()
        self.replies = [(reply.id, reply.ok) for reply in self.commands.replies() if not reply.more]


@pytest.fixture
def evening(tmp_path):
    made = Evening(tmp_path)
    yield made
    made.bench.close()


@pytest.mark.parametrize("clean", [True, False], ids=["in order", "with the power"])
@pytest.mark.parametrize("after", STEPS[:-1])
def test_a_version_that_comes_after_any_step_and_one_that_is_taken_back_after_the_next_break_none(
    evening, after, clean
):
    for step in STEPS:
        evening.do(step)
        if step in {after, STEPS[STEPS.index(after) + 1]} and step != STEPS[-1]:
            evening.exchange(clean=clean)

    kiosk = evening.bench.kiosk
    taps = [record for record in evening.bench.records() if isinstance(record, Tap)]
    assert [(tap.token, tap.next_token) for tap in taps] == [
        (token(1), None), (token(1), next_token(1)), (next_token(1), None),
    ]  # fmt: skip
    assert (kiosk.health().key, kiosk.health().next_key) == (fingerprint_of(NEXT), "")
    assert evening.replies == [("u-1", True)]
    way = evening.hub.identities().way()
    assert way.certificate_file != evening.hub.broker.certificate_file
    assert not evening.hub.identities().has_trial
