"""Our own hub breaks no rule; one that was made to break a rule is told which."""

import json

import pytest

from hub.intake import settling as intake
from hub.intake.settling import Intake
from hub.intake.sorting import Sorter
from simulator.conform.checks_hub import HUB_RULES
from simulator.conform.command import look_at_hub
from simulator.conform.line import SilenceError
from simulator.conform.rules import Meeting, Verdict
from station.names import KioskId
from tests.simulator.conform.conftest import PACE

pytestmark = pytest.mark.broker


@pytest.fixture
def look(meeting, start_hub, now):
    """Start the hub as it is by then, and look at some rules; those that are broken."""

    def look(*ids):
        start_hub()
        rules = [rule for rule in HUB_RULES if rule.id in ids]
        assert len(rules) == len(ids)
        return {found.id for found in look_at_hub(meeting, PACE, now, rules) if found.verdict is Verdict.BROKEN}

    return look


def spoil_answers(monkeypatch, change):
    right = intake._settled

    def spoilt(session, answer, at, key):
        body = json.loads(right(session, answer, at, key))
        change(body)
        return json.dumps(body).encode()

    monkeypatch.setattr(intake, "_settled", spoilt)


def test_our_own_hub_keeps_every_rule(meeting, start_hub, now):
    start_hub()

    findings = list(look_at_hub(meeting, PACE, now))

    assert [(found.id, found.seen) for found in findings if found.verdict is not Verdict.KEPT] == []
    assert len(findings) == len(HUB_RULES)


def test_a_hub_that_settles_more_than_it_was_sent_is_told_so(look, monkeypatch):
    def more(body):
        for named in body["epochs"].values():
            named["through"] += 1

    spoil_answers(monkeypatch, more)

    assert look("hub-state", "answers-journals", "echo", "only-what-was-sent") == {
        "answers-journals", "only-what-was-sent",
    }  # fmt: skip


def test_a_hub_that_answers_with_another_session_is_told_so(look, monkeypatch):
    answers = iter(range(1000))

    def other(body):
        if next(answers):
            body["session"] = "0" * 16

    spoil_answers(monkeypatch, other)

    assert look("hub-state", "readable", "sessions", "echo") == {"sessions", "echo"}


def test_a_hub_that_answers_an_n_nobody_said_is_told_so(look, monkeypatch):
    spoil_answers(monkeypatch, lambda body: body.update(n=body["n"] + 1))

    assert look("answers-journals", "echo") == {"echo"}


def test_a_hub_that_settles_beyond_a_hole_is_told_so(look, monkeypatch):
    monkeypatch.setattr("hub.intake.runs.KnownRun.through_from", lambda run, kept_from: 5)

    assert "unbroken-run" in look("hub-state", "unbroken-run")


def test_a_hub_that_drops_a_message_with_a_bad_record_is_told_so(look, monkeypatch):
    right = Intake._gather_journal

    def drop(self, place, message, gathered):
        if all("no token" not in str(row) and "never" not in str(row) for row in intake.rows_of(message, 1, 0)):
            right(self, place, message, gathered)

    monkeypatch.setattr(Intake, "_gather_journal", drop)

    assert look("answers-journals", "bad-record", "unknown-kinds") == {"bad-record"}


def test_a_hub_that_answers_strangers_is_told_so(look, monkeypatch):
    right = Sorter.read

    def read(self, delivery):
        if delivery.topic not in self._places and delivery.topic.startswith("zaigang/v1/S-01/conform-"):
            *_, kiosk, leaf = delivery.topic.split("/")
            self._places[delivery.topic] = self._places[f"zaigang/v1/S-01/K-01-1/{leaf}"]._replace(kiosk=KioskId(kiosk))
        return right(self, delivery)

    monkeypatch.setattr(Sorter, "read", read)

    assert "unknown-kiosk" in look("answers-states", "unknown-kiosk")


def test_where_no_hub_knows_the_kiosk_nothing_is_looked_at(meeting, start_hub, now):
    start_hub()

    with pytest.raises(SilenceError, match="entered"):
        list(look_at_hub(Meeting(meeting.dial, meeting.station, KioskId("K-77")), PACE, now))
