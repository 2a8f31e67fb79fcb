"""Taps that say their card's token under two site keys: the hub learns from each that the two are one card."""

from dataclasses import replace

from sqlalchemy import select

from hub.database.journal_tables import JournalRecord, KioskSeen
from hub.database.key_tables import CardName
from hub.database.transactions import table_of
from hub.findings import FindingKind
from hub.register.reading import read_edition
from station.names import Token
from station.token import fingerprint_of
from tests.hub.intake.bench import Bench
from tests.hub.intake.messages import KIOSK, journal, state, tap

LATER = Token("ab" * 16)
OURS, NEXT = (fingerprint_of(bytes([number]) * 32) for number in (1, 2))


def both(seq: int, person: int = 1):
    return replace(tap(seq, person=person), next_token=LATER)


def names(hub: Bench) -> list[tuple[str, str, str]]:
    with hub.engine.connect() as connection:
        return [tuple(row)[:3] for row in connection.execute(select(table_of(CardName)).order_by(CardName.former))]


def edition(hub: Bench) -> int:
    with hub.engine.connect() as connection:
        return read_edition(connection)


def test_both_names_are_kept_as_they_were_said_and_as_one_card(hub: Bench):
    hub.take(journal(tap(1), both(2)))

    assert names(hub) == [(LATER, both(2).token, KIOSK)]
    with hub.engine.connect() as connection:
        rows = list(connection.execute(select(table_of(JournalRecord)).order_by(JournalRecord.seq)))
    assert [(row.token, row.body) for row in rows] == [
        (both(2).token, None), (both(2).token, f'{{"next_token":"{LATER}"}}'),
    ]  # fmt: skip


def test_what_comes_again_is_no_conflict_and_no_news(hub: Bench):
    hub.take(journal(both(1)))
    before = edition(hub)
    hub.take(journal(both(1), n=2), journal(both(2), n=3))

    assert (names(hub), edition(hub)) == ([(LATER, both(1).token, KIOSK)], before)
    assert hub.found(FindingKind.CONFLICT) == []


def test_a_hub_that_was_put_back_learns_them_from_what_comes_again(hub: Bench):
    backup = hub.back_up()
    hub.take(journal(both(1)))
    hub.put_back(backup)
    lost = names(hub)
    hub.take(journal(both(1)))

    assert (lost, len(names(hub))) == ([], 1)


def test_two_cards_that_are_said_to_be_one_are_both_written_down(hub: Bench):
    hub.take(journal(both(1), both(2, person=2)))

    assert len(names(hub)) == 2


def test_which_keys_a_kiosk_has_is_written_down_and_either_may_be_the_hubs(hub: Bench):
    hub.key = NEXT
    hub.take(state(key=OURS))
    wrong = hub.found(FindingKind.SITE_KEY)
    hub.take(state(key=OURS, next_key=NEXT, n=2))

    assert (wrong, hub.found(FindingKind.SITE_KEY)) == ([KIOSK], [])
    with hub.engine.connect() as connection:
        (seen,) = connection.execute(select(table_of(KioskSeen)))
    assert (seen.key_mark, seen.next_mark) == (OURS, NEXT)


def test_a_hub_whose_key_changes_looks_again(hub: Bench):
    hub.key = OURS
    hub.take(state(key=OURS))
    hub.key = NEXT
    hub.take(state(key=OURS, n=2))

    assert hub.found(FindingKind.SITE_KEY) == [KIOSK]
