"""A station's stints of a day as a table for a spreadsheet: the same words as on the page."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from hub.exporting.harmless import csv_lines
from hub.presence.board_view import Bar, StationDay
from hub.web.kit.words import _
from hub.web.station.words import counted_words, letter_word, mark_words, moment_words, role_word

HEADS = (_("岗位"), _("上岗"), _("离岗"), _("外出"), _("备注"), _("计入"))


def stints_csv(day: StationDay, zone: tzinfo, gettext: Callable[[str], str]) -> str:
    """Return the table, its heads in the first line."""

    def moment(at: datetime | None) -> str:
        return moment_words(at, day.date, zone, gettext) if at else ""

    def line(bar: Bar) -> tuple[str, ...]:
        return (
            f"{letter_word(bar.letter, gettext)} {role_word(bar.role, gettext)}",
            moment(bar.began_at),
            moment(bar.ended_at),
            " ".join(f"{moment(out_at)}–{moment(back_at)}" for out_at, back_at in bar.outs),
            "; ".join(mark_words(bar, gettext)),
            counted_words(bar, gettext) or gettext("计入"),
        )

    return csv_lines([[gettext(head) for head in HEADS], *map(line, day.bars)])
