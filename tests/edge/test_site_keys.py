"""A kiosk whose city changes its site key: each tap says both names, and nobody is a stranger on either side of it."""

import contextlib
import itertools
import os
from pathlib import Path

import pytest

from devices.card import ISO14443A
from edge.site_keys import FILE, SiteKeys
from station.names import PersonId
from station.records import Action, Tap
from station.token import fingerprint_of, token_of
from station.wire.told import Holder, Roster
from tests.edge.rig import SITE_KEY, Bench, card, roster, token

NEXT = bytes(range(32, 64))
MARK, NEXT_MARK = fingerprint_of(SITE_KEY), fingerprint_of(NEXT)


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench
    bench.kiosk.close()


def next_token(number):
    return token_of(NEXT, ISO14443A, card(number).number)


def roster_under_next(people, *, version=2, parts=1, part=1):
    cards = {next_token(number): Holder(PersonId(person)) for number, person in people.items()}
    return Roster(version, part, parts, cards, NEXT_MARK)


def taps(bench):
    records = bench.kiosk.store.backlog.read(bench.kiosk.epoch, 0, 100)
    return [record for record in records if isinstance(record, Tap)]


def test_a_tap_says_both_names_while_a_key_is_to_come(bench):
    bench.tell(roster({1: "p1"}))
    bench.touch(card(1))
    bench.kiosk.site_keys.take(NEXT)
    bench.hands.pass_s(10)
    bench.touch(card(1))

    assert [(tap.token, tap.next_token) for tap in taps(bench)] == [(token(1), None), (token(1), next_token(1))]
    assert (bench.kiosk.health().key, bench.kiosk.health().next_key) == (MARK, NEXT_MARK)


def test_with_the_roster_under_it_the_old_one_is_forgotten_for_good(bench):
    bench.kiosk.site_keys.take(NEXT)
    bench.tell(roster_under_next({1: "p1"}))
    bench.restart()
    bench.touch(card(1))

    assert [(tap.token, tap.next_token) for tap in taps(bench)] == [(next_token(1), None)]
    assert SITE_KEY.hex().encode() not in (bench.path / FILE).read_bytes()
    assert (bench.path / FILE).stat().st_mode & 0o077 == 0


def test_a_part_of_that_roster_is_not_enough(bench):
    bench.kiosk.site_keys.take(NEXT)
    bench.tell(roster_under_next({1: "p1"}, parts=2))
    before = bench.kiosk.site_keys.mark
    bench.tell(roster_under_next({2: "p2"}, parts=2, part=2))

    assert (before, bench.kiosk.site_keys.mark) == (MARK, NEXT_MARK)


def test_who_is_here_leaves_after_the_change_as_who_came_before_it(bench):
    bench.kiosk.site_keys.take(NEXT)
    bench.tell(roster({1: "p1"}))
    bench.touch(card(1))
    bench.hands.pass_s(600)
    bench.tell(roster_under_next({1: "p1"}))
    bench.touch(card(1))

    assert [tap.action for tap in taps(bench)] == [Action.ARRIVE, Action.LEAVE]


def test_a_kiosk_with_both_knows_a_card_by_either(bench):
    bench.kiosk.site_keys.take(NEXT)
    both = roster({1: "p1"})
    bench.tell(Roster(3, 1, 1, {**both.cards, **roster_under_next({2: "p2"}).cards}))
    people, names = bench.kiosk.people, bench.kiosk.site_keys.names

    assert [people.person_of(*names(card(number))).key for number in (1, 2)] == ["p1", "p2"]


def test_a_roster_under_a_key_that_it_lacks_changes_nothing(bench):
    bench.tell(roster_under_next({1: "p1"}))

    assert (bench.kiosk.site_keys.mark, bench.kiosk.site_keys.next_mark) == (MARK, "")


def test_the_hub_may_have_either_key(bench):
    bench.kiosk.site_keys.take(NEXT)
    bench.kiosk.hear_key(NEXT_MARK)
    either = bench.kiosk.health().reason
    bench.kiosk.hear_key("0" * 16)

    assert either == ""
    assert "site key" in bench.kiosk.health().reason


def test_one_that_is_set_up_anew_with_another_key_begins_with_that(tmp_path):
    SiteKeys(SITE_KEY, tmp_path).take(NEXT)
    other = bytes(32)

    assert SiteKeys(SITE_KEY, tmp_path).next_mark == NEXT_MARK
    assert SiteKeys(other, tmp_path).knows(fingerprint_of(other))
    assert SiteKeys(other, tmp_path).next_mark == ""


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"given_to": 1}', b'{"given_to": "x", "current": 1, "next": ""}']
)
def test_a_file_that_cannot_be_read_counts_as_never_given(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)

    assert (SiteKeys(SITE_KEY, tmp_path).mark, SiteKeys(SITE_KEY, tmp_path).next_mark) == (MARK, "")


def test_what_is_given_again_changes_nothing(tmp_path):
    keys = SiteKeys(SITE_KEY, tmp_path)
    for key in (NEXT, NEXT, SITE_KEY):
        keys.take(key)
    keys.settle(MARK)
    keys.settle("")

    assert (keys.mark, keys.next_mark) == (MARK, NEXT_MARK)


def test_a_kiosk_that_was_away_for_two_changes_takes_one_after_the_other(bench):
    """It comes back with the first key to a roster under the second, and a third is on its way."""
    third = bytes(range(64, 96))
    bench.tell(roster_under_next({1: "p1"}))
    bench.kiosk.site_keys.take(NEXT)
    bench.kiosk.site_keys.take(third)
    bench.hands.pass_s(10)
    bench.touch(card(1))

    assert [(tap.token, tap.next_token) for tap in taps(bench)] == [
        (next_token(1), token_of(third, ISO14443A, card(1).number))
    ]
    assert bench.kiosk.people.person_of(*bench.kiosk.site_keys.names(card(1))).key == "p1"


class KilledError(BaseException):
    """As by `kill -9`, or as the power fails."""


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("what", ["take", "settle"])
def test_cut_short_at_any_step_it_has_the_keys_of_before_or_of_after(tmp_path, monkeypatch, what, step):
    keys = SiteKeys(SITE_KEY, tmp_path)
    if what == "settle":
        keys.take(NEXT)
    before, passed = (keys.mark, keys.next_mark), itertools.count()

    def act():
        keys.take(NEXT) if what == "take" else keys.settle(NEXT_MARK)

    def counted(call):
        def then(*args):
            if next(passed) == step:
                raise KilledError
            return call(*args)

        return then

    with monkeypatch.context() as patch, contextlib.suppress(KilledError):
        patch.setattr(os, "fsync", counted(os.fsync))
        patch.setattr(Path, "replace", counted(Path.replace))
        act()
    found = SiteKeys(SITE_KEY, tmp_path)
    keys = found
    half_way = found.mark, found.next_mark
    act()

    after = (MARK, NEXT_MARK) if what == "take" else (NEXT_MARK, "")
    assert half_way in {before, after}
    assert (keys.mark, keys.next_mark) == after
