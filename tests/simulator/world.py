"""A clock that tests move, and kiosks that answer by the rules at once, or wrongly on demand."""

import asyncio
from datetime import datetime

from simulator.acts import Act, Beeped, Gesture, Intention, SimCard
from simulator.on_the_way import OnTheWay
from simulator.opening import ZONE, opening_of
from simulator.play import Beep, HandPace, Play
from simulator.truth import Truth
from station.clock import Clock
from tests.virtual_loop import run

CARD = SimCard("ntag213", bytes.fromhex("04000000000001"))
OTHER_CARD = SimCard("ntag213", bytes.fromhex("04000000000002"))
PHONE = SimCard("phone")
QUICK = HandPace(hearing_s=0.2, linger_s=0.0, again_s=0.0, suspense_s=0.01, hold_s=0.05, guard_s=0.0)
STATIONS = {"clinic": opening_of("hospital"), "library": opening_of("culture")}


def moment(text):
    return datetime.fromisoformat(f"2026-03-05T{text}").replace(tzinfo=ZONE)


def new_truth():
    return Truth(STATIONS, ["ann", "bob"])


def act(at, person="ann", *expects, gesture=Gesture.TOUCH, station="clinic", card=CARD):
    return Act(moment(at), person, card, station, f"{station}-a", gesture, Intention.ARRIVE, expects)


class RuledKiosk:
    """Answers as the rules say, at the moment of the clock; `lies` replaces an answer, None keeps silent."""

    def __init__(self, station, clock, truth, lies=None):
        self.station, self.clock, self.truth, self.lies = station, clock, truth, lies or {}
        self.hear = lambda beep: None
        self.held = None
        self.last = None

    def put(self, card):
        self.held = card
        person = {CARD: "ann", OTHER_CARD: "bob"}.get(card, "stranger")
        if card is PHONE:
            self.say(Beeped.REFUSED)
        elif self.last == card:
            self.say(Beeped.ALREADY_RECORDED)
        else:
            answer = self.truth.touch(person, self.station, self.clock.now())
            self.say(answer)
            if answer is Beeped.LEFT:
                asyncio.get_running_loop().call_later(0.02, self.still_there, person)
        self.last = card

    def still_there(self, person):
        if self.held is not None:
            self.say(self.truth.hold_on(person))

    def take(self):
        self.held = None

    def forget_guard(self):
        self.last = None

    def say(self, answer):
        answer = self.lies.get(answer, answer)
        if answer is not None:
            self.hear(Beep(f"{self.station}-a", answer, self.clock.now(), asyncio.get_running_loop().time()))


class Stage:
    """A play at two ruled kiosks; the clock stands where the last act was due."""

    def __init__(self, lies=None):
        self.now = moment("07:00")
        stage = self

        class Hand(Clock):
            def now(self):
                return stage.now

        self.clock = Hand()
        self.on_the_way = OnTheWay()
        kiosk_truth = new_truth()
        self.kiosks = {f"{code}-a": RuledKiosk(code, self.clock, kiosk_truth, lies) for code in STATIONS}
        self.truth = new_truth()
        self.play = Play(self.clock, self.kiosks, self.truth, self.on_the_way, pace=QUICK)
        for kiosk in self.kiosks.values():
            kiosk.hear = self.play.hear

    def run(self, *acts):
        async def perform():
            for each in acts:
                self.now = each.at
                for kiosk in self.kiosks.values():
                    kiosk.forget_guard()
                await self.play.perform([each])

        run(perform())
        return self.play.outcome
