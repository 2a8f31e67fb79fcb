"""Telephone numbers in sheets: taken with the day on which their owner agreed, and never repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.changing.erasing import erased_mark
from hub.database.people_tables import Volunteer
from hub.database.personal_tables import Consent, ErasedNumber, Telephone
from hub.register.telephones import mask_number, tidy_number
from hub.sealing import FILE_NAME
from tests.hub.importing.desk import SITE_KEY

if TYPE_CHECKING:
    from tests.hub.importing.desk import Desk

MOBILE = "13800001234"


def add(desk: Desk, title: str, **columns: str) -> None:
    """A column each, filled in the first line only."""
    for header, text in columns.items():
        for number, line in enumerate(desk.sheets[title]):
            line.append(header if number == 0 else text if number == 1 else "")


def opened(desk: Desk) -> dict[tuple[str, str], str]:
    with desk.engine.connect() as connection:
        rows = connection.execute(Telephone.__table__.select()).all()  # type: ignore[attr-defined]  # SQLModel's
    return {(row.whose, row.of[:1]): desk.telephones.number(row, may_call=True).shown for row in rows}


def test_numbers_of_stations_leads_and_volunteers_are_taken_and_the_same_again_changes_nothing(desk: Desk) -> None:
    add(desk, "站点", 负责人电话="+86 138 0000 1234", 站点电话="(0355) 2000123")
    add(desk, "志愿者", 联系电话=MOBILE, 同意联系日期="2026-03-01")

    desk.import_all()
    assert opened(desk) == {("lead", "h"): MOBILE, ("station", "h"): "0355-2000123", ("person", "p"): MOBILE}
    assert str(desk.rows(Consent)[0]["agreed_on"]) == "2026-03-01"
    before = desk.everything()

    again = desk.import_all()
    assert {(count.added, count.changed) for count in again.counts.values()} == {(0, 0)}
    assert desk.everything() == before


def test_an_emptied_cell_takes_the_number_away(desk: Desk) -> None:
    add(desk, "站点", 站点电话="0355-2000123")
    desk.import_all()
    desk.change("站点", 2, "站点电话", "")

    desk.import_all()

    assert not desk.rows(Telephone)


def test_a_list_with_numbers_and_no_word_of_agreeing_is_taken_without_them_and_said_so(desk: Desk) -> None:
    add(desk, "志愿者", 手机号=MOBILE)

    imported = desk.import_all()

    assert not desk.rows(Telephone)
    assert [warning for warning in imported.warnings if "同意联系日期" in warning]


def test_a_number_of_somebody_who_did_not_agree_is_a_fault(desk: Desk) -> None:
    add(desk, "志愿者", 联系电话=MOBILE, 同意联系日期="")

    faults = desk.faults()

    assert [fault for fault in faults if "the day on which they agreed to be called" in fault]
    assert not any("1234" in fault for fault in faults)


@pytest.mark.parametrize("typed", ["1390000", "1.38E+10", "号码", "110105194912310021", "12800001234"])
def test_what_is_no_number_is_told_by_its_length(desk: Desk, typed: str) -> None:
    add(desk, "站点", 站点电话=typed)

    [fault] = desk.faults()

    assert typed not in fault
    assert "13800001234 or 0355-2000123" in fault or "make the column text" in fault


def test_a_dry_run_leaves_no_key_behind_and_a_missing_one_is_told(desk: Desk) -> None:
    add(desk, "站点", 站点电话="0355-2000123")
    desk.import_all()
    (desk.folder / FILE_NAME).unlink()
    desk.change("站点", 2, "站点电话", "0355-2000124")

    [fault] = desk.faults()

    assert "telephone.key is not there" in fault


def test_a_sheet_that_still_has_an_erased_person_is_refused(desk: Desk) -> None:
    desk.import_all()
    with desk.engine.begin() as connection:
        row = {"mark": erased_mark(SITE_KEY, "V1"), "person": "p0", "erased_on": desk.now.date()}
        connection.execute(ErasedNumber.__table__.insert().values(row))  # type: ignore[attr-defined]  # SQLModel's
        connection.execute(Volunteer.__table__.update().values(full_name=Volunteer.full_name + "x"))  # type: ignore[attr-defined]

    faults = desk.faults()

    assert "erased on 2026-03-05" in faults[0]
    assert len(faults) == 1


@pytest.mark.parametrize(
    ("typed", "kept", "masked"),
    [
        ("138 0000 1234", "13800001234", "138****1234"),
        ("010-62000123", "010-62000123", "010****0123"),
        ("95588", "95588", "****88"),
        ("400-800-1234", "4008001234", "****34"),
        ("138000012345", "", ""),
    ],
)
def test_how_a_number_is_kept_and_masked(typed: str, kept: str, masked: str) -> None:
    assert tidy_number(typed) == kept
    assert not kept or mask_number(kept) == masked
