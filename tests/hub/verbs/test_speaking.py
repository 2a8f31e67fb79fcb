"""What was changed, told in one language: no word of the other in it."""

from __future__ import annotations

import pytest

from hub.verbs.speaking import Speaking


@pytest.mark.parametrize(
    ("is_chinese", "days", "proven"),
    [
        (True, "2027-01-01 放假 元旦,2027-01-31 上班 春节", "否"),
        (False, "2027-01-01 off 元旦,2027-01-31 work 春节", "no"),
    ],
)
def test_days_off_and_yes_or_no_are_told_in_the_language_of_who_reads(is_chinese: bool, days: str, proven: str) -> None:
    after = {"holidays": ["2027-01-01 off 元旦", "2027-01-31 work 春节"], "is_proven": False}

    line = Speaking(is_chinese).line("set_holiday", {}, {}, after, "")

    assert f"-> {days};" in line
    assert line.endswith(f"-> {proven}")
