"""终端投用 on the bench: each step is seen to have happened, a bad one says what to do, and a power cut costs none."""

import json
from dataclasses import replace

import pytest

from devices.signals import Signal
from edge.commission_order import Commissioning
from edge.commission_steps import STEPS
from edge.commissioning import FILE, Commission, read_progress
from edge.config import BrokerConfig
from edge.identities import Identities
from hub.certificates.cabinet import Cabinet
from hub.certificates.verifying import writer_of
from station.commissioned import read_commissioned
from station.records import ReaderState
from station.wire.messages import Through
from tests.edge.rig import DOOR, KIOSK, THURSDAY, Bench, card, duty, roster


class TryOut:
    """A kiosk whose cable and hub are a test's own."""

    def __init__(self, path) -> None:
        self.has_line, self.hub_answers = True, True
        self.bench = Bench(path)
        self.bench.tell(duty(), roster({number: f"p-{number}" for number in range(1, 9)}))
        self.cards = iter(range(1, 9))
        self.take_over()

    def take_over(self) -> None:
        kiosk = self.bench.kiosk
        around = replace(kiosk.commission._around, has_line=lambda: self.has_line)
        kiosk.commission = Commission(self.bench.path, around)

    @property
    def step(self) -> str:
        progress = self.bench.kiosk.commission.progress
        assert progress is not None
        return "" if progress.ended_at else STEPS[progress.step].name

    def stand_by(self, seconds: float = 4) -> None:
        for _ in range(int(seconds * 5)):
            kiosk = self.bench.kiosk
            kiosk.reader_is(DOOR, self.reader)
            if self.has_line and self.hub_answers:
                last = kiosk.store.journal.kept()[kiosk.epoch].last
                kiosk.store.retention.settle({kiosk.epoch: Through(last, 0, 0)})
            kiosk.tend()
            self.bench.hands.pass_s(0.2)

    reader = ReaderState.UP

    def tap(self) -> None:
        self.bench.touch(card(next(self.cards)))
        self.stand_by()

    def cable(self, has_line: bool) -> None:
        self.has_line = has_line
        self.stand_by()

    def cut_power(self) -> None:
        self.bench.restart(reboot=True, clean=False)
        self.take_over()
        self.stand_by()


@pytest.fixture
def kiosk(tmp_path):
    made = TryOut(tmp_path / "data")
    yield made
    made.bench.close()


def try_all(kiosk: TryOut) -> None:
    kiosk.bench.kiosk.commission.start("安装员")
    kiosk.stand_by()
    kiosk.tap()
    kiosk.cable(False)
    kiosk.tap()
    kiosk.cable(True)
    kiosk.cut_power()
    kiosk.tap()


def test_it_leads_through_all_steps_and_ends_in_a_record(kiosk):
    try_all(kiosk)

    progress = read_progress(kiosk.bench.path / FILE)
    assert progress is not None
    assert [done["step"] for done in progress.done] == [step.name for step in STEPS]
    assert (progress.by, progress.trouble, bool(progress.ended_at)) == ("安装员", "", True)
    assert kiosk.bench.beeps.signals[-1] is Signal.COMMISSIONED
    asked = [lines[0] for signal, lines in kiosk.bench.beeps.said if signal is Signal.NEXT]
    assert list(dict.fromkeys(asked)) == [step.asks.first for step in STEPS]


def test_power_that_fails_at_any_step_costs_no_step(kiosk):
    kiosk.bench.kiosk.commission.start("")
    kiosk.stand_by()
    assert kiosk.step == "tap"
    kiosk.cut_power()
    assert kiosk.step == "tap"
    kiosk.tap()
    kiosk.cut_power()
    assert kiosk.step == "unplug"


def test_a_tap_right_after_the_start_counts(kiosk):
    kiosk.bench.kiosk.commission.start("")
    kiosk.bench.touch(card(8))

    kiosk.stand_by()

    assert kiosk.step == "unplug"


def test_a_cable_that_is_plugged_in_too_early_is_to_be_pulled_again(kiosk):
    kiosk.bench.kiosk.commission.start("")
    kiosk.stand_by()
    kiosk.tap()
    kiosk.cable(False)
    assert kiosk.step == "tap_alone"

    kiosk.cable(True)

    assert kiosk.step == "unplug"


def test_a_hub_that_does_not_answer_is_said_with_what_to_do(kiosk):
    kiosk.hub_answers = False
    kiosk.bench.kiosk.commission.start("")
    kiosk.stand_by()
    kiosk.tap()
    assert kiosk.step == "tap"

    kiosk.stand_by(70)

    assert (Signal.AMISS, ("刷卡已记录，中心没有应答", "检查网线两端是否插好，再联系中心")) in kiosk.bench.beeps.said
    kiosk.hub_answers = True
    kiosk.stand_by()
    assert kiosk.step == "unplug"


def test_a_reader_that_is_not_there_is_said_with_what_to_do(kiosk):
    kiosk.reader = ReaderState.DOWN
    kiosk.bench.kiosk.commission.start("")

    kiosk.stand_by(20)

    assert kiosk.bench.beeps.said[-1] == (Signal.AMISS, ("读卡器没有应答", "拔下读卡器重新插好"))
    kiosk.reader = ReaderState.UP
    kiosk.stand_by()
    kiosk.tap()
    assert kiosk.step == "unplug"


def test_a_clock_that_nobody_keeps_fails_the_kiosk_in_the_end(kiosk):
    kiosk.bench.hands.synced = False
    kiosk.bench.restart(reboot=True)
    kiosk.take_over()
    try_all(kiosk)
    assert kiosk.step == "tap_again"
    kiosk.stand_by(70)

    progress = read_progress(kiosk.bench.path / FILE)
    assert progress is not None
    assert progress.trouble.startswith("验收未通过：时钟")


def test_who_walks_away_leaves_a_kiosk_that_asks_no_more(kiosk):
    kiosk.bench.kiosk.commission.start("")
    kiosk.stand_by(16 * 60)

    assert kiosk.step == ""
    said = len(kiosk.bench.beeps.said)
    kiosk.stand_by(60)
    assert len(kiosk.bench.beeps.said) == said


def test_the_console_asks_for_it_by_a_file(kiosk):
    (kiosk.bench.path / FILE).write_text('{"by": "console"}')

    kiosk.stand_by()

    assert kiosk.step == "tap"


def test_the_record_is_signed_by_the_kiosk(kiosk, tmp_path):
    cabinet = Cabinet(tmp_path / "hub")
    cabinet.make("a city", THURSDAY)
    identity = cabinet.issue_kiosk(KIOSK, THURSDAY)
    broker = BrokerConfig(
        ca_file=cabinet.certificate_file, certificate_file=tmp_path / "kiosk.crt", key_file=tmp_path / "kiosk.key"
    )
    broker.certificate_file.write_bytes(identity.pem)
    broker.key_file.write_bytes(identity.key_pem)
    broker.key_file.chmod(0o600)
    try_all(kiosk)

    identities = Identities(broker, KIOSK, kiosk.bench.path)
    Commissioning(kiosk.bench.kiosk.commission, kiosk.bench.kiosk.config, identities, "9.9").tend()

    letter = json.loads((kiosk.bench.path / FILE).read_bytes())["letter"]
    found = read_commissioned(letter.encode())
    assert writer_of(cabinet, found.letter).serial_number == identity.certificate.serial_number
    assert (found.kiosk, found.by, found.ok, found.version) == (KIOSK, "安装员", True, "9.9")
