"""Which table of coverage is taken away as a sheet, and what it is made of."""

from dataclasses import dataclass

from sqlalchemy import Connection

from hub.rights import Grant
from hub.web.coverage.asked import AskedCoverage, CoverageSpan
from hub.web.coverage.sheets import days_sheet, gaps_sheet, groups_sheet, months_sheet, year_sheet
from hub.web.coverage.shown import read_many, read_months, read_one
from hub.web.desk.desk import Desk
from hub.web.kit.frame import Kit
from hub.web.kit.sheets import SheetTable


@dataclass(frozen=True, slots=True)
class CoverageTables:
    """Those that somebody may have of a stretch of days."""

    desk: Desk
    grants: tuple[Grant, ...]
    asked: AskedCoverage
    kit: Kit

    async def read(self, table: str, code: str) -> SheetTable | None:
        """Of the station of that code, or of many where it is empty; None where there is no such table for them.

        A year by its months there is of a year alone.
        """
        if table in {"year", "months"} and self.asked.span is not CoverageSpan.YEAR:
            return None
        return await self.desk.read(
            lambda connection: (self._of_one if code else self._of_many)(connection, table, code)
        )

    def _of_one(self, connection: Connection, table: str, code: str) -> SheetTable | None:
        shown = read_one(connection, self.grants, code, self.asked, self.desk.now)
        if shown is None:
            return None
        if table == "months":
            months = read_months(connection, self.grants, self.asked, code)
            return months_sheet(code, {month: sums for (_of, month), sums in months.items()}, self.kit)
        if table == "gaps":
            return gaps_sheet(code, shown.days, self.kit, self.desk.zone)
        return days_sheet(code, shown.days, self.kit) if table == "days" else None

    def _of_many(self, connection: Connection, table: str, _code: str) -> SheetTable | None:
        if table not in {"stations", "districts", "kinds", "year"}:
            return None
        shown = read_many(connection, self.grants, self.asked, self.desk.now, is_drawn=False)
        if table == "year":
            return year_sheet(shown.stations, read_months(connection, self.grants, self.asked), self.kit)
        return groups_sheet(getattr(shown, table), self.kit)
