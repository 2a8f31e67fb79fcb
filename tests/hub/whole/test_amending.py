"""A correction at a hub that serves: whoever made it is led back to a day that has it already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from sqlmodel import select

from hub.accounts import accounts, sessions
from hub.accounts.reception import now_ms
from hub.database.engine import open_engine
from hub.database.ledger_tables import StintRow
from hub.database.transactions import reading, writing
from hub.rights import Grant, Reach, Role
from hub.web.amending import foreseeing
from hub.web.gate.gate import COOKIE
from station.names import KioskId
from station.wire import topics
from tests.hub.intake.messages import BEGAN, EPOCH, STATION, journal, state, tap
from tests.hub.running import DEADLINE_S, Listener, hub_config, running_hub, until
from tests.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from station.clock import Clock

pytestmark = pytest.mark.broker
KIOSK = KioskId("K-01-1")
TAP = f"/stations/{STATION}/amend/{KIOSK}/{EPOCH}/1"


def session_of_a_lead(engine: Engine) -> str:
    with writing(engine) as connection:
        accounts.invite(connection, "zhao", [Grant(Role.LEAD, Reach(station=STATION))], by="root", now_ms=now_ms())
        account = accounts.account_named(connection, "zhao", now_ms())
        assert account is not None
        return sessions.begin_session(connection, account.id, is_whole=True, browser="", address="", now_ms=now_ms())


def stints(engine: Engine) -> int:
    with reading(engine) as connection:
        return len(connection.execute(select(StintRow)).all())


def test_who_corrects_a_tap_is_led_to_a_day_that_has_it(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseeing, "LONGEST_S", DEADLINE_S)  # a machine with other work folds later
    config = hub_config(folder, free_port(), embedded=True)
    engine = open_engine(config.database_url)
    key = session_of_a_lead(engine)
    with running_hub(config, clock):
        kiosk = Listener(config.broker.port, topics.settled(STATION, KIOSK))
        kiosk.send(state(kiosk=KIOSK, n=1))
        kiosk.send(journal(tap(1, 25), kiosk=KIOSK, n=2))
        until(lambda: stints(engine) == 1)
        headers = {"Cookie": f"{COOKIE}={key}", "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        at = f"http://127.0.0.1:{config.http.port}"
        with httpx2.Client(base_url=at, trust_env=False, timeout=2 * DEADLINE_S, headers=headers) as lead:
            said = {"what": "void", "day": f"{BEGAN:%Y-%m-%d}", "why": "重复或误刷", "sure": "1"}
            done = lead.post(TAP, data=said)
            after = stints(engine)

            assert done.status_code == 303
            assert after == 0
            assert "已作废" in lead.get(done.headers["location"]).text
        kiosk.close()
    engine.dispose()
