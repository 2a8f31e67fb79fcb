"""How long a message waits to be stored while a city of 60,000 volunteers is imported beside it."""

import threading
import time
from pathlib import Path

from hub.database.engine import open_engine
from hub.database.people_tables import Volunteer
from hub.database.schema import prepare_schema
from tests.bench.figure import Figure
from tests.hub.importing.desk import Desk
from tests.hub.importing.test_beside_others import enter_a_crowd, store_something

PEOPLE = 60_000
MOST_MS = 200.0  # people at a kiosk's side notice no more
EVERY_S = 0.02


def measure(folder: Path) -> list[Figure]:
    """The longest wait of one who stores something every 20 ms."""
    address = f"sqlite:///{folder / 'hub.db'}"
    desk = Desk(folder, open_engine(address))
    prepare_schema(desk.engine)
    desk.import_all()
    enter_a_crowd(desk, PEOPLE)
    storing_desk = Desk(folder, open_engine(address))
    waits, is_over = list[float](), threading.Event()

    def store_on() -> None:
        while not is_over.wait(EVERY_S):
            began_s = time.monotonic()
            store_something(storing_desk)
            waits.append((time.monotonic() - began_s) * 1000)

    storing = threading.Thread(target=store_on, name="bench-storing")
    storing.start()
    try:
        desk.import_all()
    finally:
        is_over.set()
        storing.join()
    assert len(desk.rows(Volunteer)) >= PEOPLE
    return [Figure(f"longest wait beside an import of {PEOPLE:,}", max(waits), MOST_MS, "ms", 1, at_most=True)]
