"""A list of cards is imported while the site key changes, and after: each card is the one that it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hub.changing.commands import LoseCard
from hub.changing.erasing import erased_mark
from hub.changing.proposal import apply
from hub.database.key_tables import CardName
from hub.database.people_tables import CardRow, Holding, Volunteer
from hub.database.personal_tables import ErasedNumber
from hub.database.tables import Edition
from hub.database.transactions import writing
from hub.importing.sheet_forms import FormName
from hub.site_key import OtherKeys
from station.hours import SHANGHAI
from station.token import token_of
from tests.hub.importing.desk import NOW, SITE_KEY, Desk, faults_of

if TYPE_CHECKING:
    from hub.importing.importer import Importer

NEXT = bytes(range(32, 64))
NUMBERS = {"iso14443a": bytes.fromhex("04000000000001"), "em4100": bytes.fromhex("62E3086CED")}
OLD, NEW = ({kind: token_of(key, kind, number) for kind, number in NUMBERS.items()} for key in (SITE_KEY, NEXT))
UNDER_WAY, AFTER = OtherKeys(coming=NEXT), OtherKeys(retired=(SITE_KEY,))


@pytest.fixture
def entered(desk: Desk) -> Desk:
    desk.import_all()
    return desk


def after(desk: Desk) -> Importer:
    return replace(desk.importer(), site_key=NEXT, other_keys=AFTER)


def names(desk: Desk) -> set[tuple[object, object]]:
    return {(row["token"], row["former"]) for row in desk.rows(CardName)}


def test_the_same_list_again_names_every_card_under_the_next_key(entered: Desk) -> None:
    done = replace(entered.importer(), other_keys=UNDER_WAY).import_files(entered.write())

    assert names(entered) == {(NEW[kind], OLD[kind]) for kind in NUMBERS}
    assert (done.counts[FormName.CARDS].added, done.counts[FormName.CARDS].changed) == (0, 0)


def test_a_look_alone_writes_no_name(entered: Desk) -> None:
    replace(entered.importer(), other_keys=UNDER_WAY).import_files(entered.write(), dry_run=True)

    assert names(entered) == set()


def test_afterwards_the_list_finds_cards_that_nobody_tapped(entered: Desk) -> None:
    with writing(entered.engine) as connection:
        apply(connection, [LoseCard(OLD["em4100"])], by="clerk", at=NOW, zone=SHANGHAI)
    before = entered.rows(CardRow), entered.rows(Holding), entered.rows(Volunteer)
    edition = entered.rows(Edition)[0]["number"]

    assert faults_of(after(entered), entered.write()) == []

    assert (entered.rows(CardRow), entered.rows(Holding), entered.rows(Volunteer)) == before
    assert names(entered) == {(NEW[kind], OLD[kind]) for kind in NUMBERS}
    assert entered.rows(Edition)[0]["number"] == int(str(edition)) + 1


def test_a_new_card_is_entered_under_the_key_that_holds(entered: Desk) -> None:
    entered.sheets["卡"].append(["04:00:00:00:00:00:09", "NTAG", "hex", "", "V1"])
    after(entered).import_files(entered.write())

    new = token_of(NEXT, "iso14443a", bytes.fromhex("04000000000009"))
    assert new in {row["token"] for row in entered.rows(CardRow)}


def test_who_was_erased_under_the_old_key_is_known_under_the_new(entered: Desk) -> None:
    with writing(entered.engine) as connection:
        row = {"mark": erased_mark(SITE_KEY, "V7"), "person": "p0", "erased_on": NOW.date()}
        connection.execute(ErasedNumber.__table__.insert(), [row])  # type: ignore[attr-defined]
    entered.sheets["志愿者"].append(["V7", "例庚午", "h1", "", ""])

    assert any("erased" in fault for fault in faults_of(after(entered), entered.write()))
