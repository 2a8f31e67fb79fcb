"""Accounts of a demonstration."""

from sqlmodel import insert

from hub.accounts import accounts
from hub.accounts.reception import now_ms
from hub.database.engine import open_engine
from hub.database.schema import prepare_schema
from hub.database.tables import District
from hub.database.transactions import reading, writing
from hub.rights import Grant, Reach, Right, Role, may
from simulator.admission import VISITOR, WATCHER, Admission
from simulator.demo import _conclude
from tests.databases import file_url


def test_a_visitor_is_the_county_office_everywhere_and_the_watcher_sees_all(tmp_path):
    engine = open_engine(file_url(tmp_path))
    prepare_schema(engine)
    with writing(engine) as connection:
        connection.execute(insert(District).values([{"code": code, "name": code} for code in ("d1", "d2")]))
    admission = Admission(tmp_path / engine.url.database.rpartition("/")[2])

    assert admission.headers() == {}
    first, second = admission.invite(), admission.invite()

    with reading(engine) as connection:
        visitor = accounts.account_named(connection, VISITOR, now_ms())
        watcher = accounts.account_named(connection, WATCHER, now_ms())
    engine.dispose()
    assert first != second
    assert admission.has_visitor
    assert set(visitor.grants) == {Grant(Role.COUNTY, Reach(district=code)) for code in ("d1", "d2")}
    assert may(visitor.grants, Right.CLOSE, Reach(district="d2"))
    assert may(watcher.grants, Right.OBSERVE)
    assert "zaigang-session=" in admission.headers()["Cookie"]


class DifferingReport:
    """Of a city that somebody changed meanwhile."""

    def summary(self):
        return "1 tap."

    def faults(self):
        return ["3 minutes differ between board and truth"]


def test_what_a_visitor_changed_at_the_desk_is_no_fault_of_the_board(capsys):
    assert _conclude(DifferingReport(), None, at_desk=True) == 0
    assert "what they changed was not played: 3 minutes differ" in capsys.readouterr().out
    assert _conclude(DifferingReport(), None) == 1
