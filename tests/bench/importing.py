"""How long a message waits to be stored while a city of 60,000 volunteers is imported beside it, by another process."""

import multiprocessing
import time
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path

from hub.database.engine import open_engine
from hub.database.people_tables import Volunteer
from hub.database.schema import prepare_schema
from tests.bench.figure import Figure
from tests.hub.importing.desk import Desk
from tests.hub.importing.test_beside_others import enter_a_crowd, store_something

PEOPLE = 60_000
MOST_MS = 200.0  # as much as a kiosk's answer may come later without anybody noticing
EVERY_S = 0.02


def measure(folder: Path) -> list[Figure]:
    """The longest wait of one who stores something every 20 ms."""
    address = f"sqlite:///{folder / 'hub.db'}"
    desk = Desk(folder, open_engine(address))
    prepare_schema(desk.engine)
    desk.import_all()
    enter_a_crowd(desk, PEOPLE)
    context = multiprocessing.get_context("spawn")
    is_over, told = context.Event(), context.SimpleQueue()
    storing = context.Process(target=store_on, args=(folder, address, is_over, told), name="bench-storing")
    storing.start()
    told.get()
    try:
        desk.import_all()
    finally:
        is_over.set()
    longest = told.get()
    storing.join()
    assert len(desk.rows(Volunteer)) >= PEOPLE
    return [Figure(f"longest wait beside an import of {PEOPLE:,}", longest, MOST_MS, "ms", 1, at_most=True)]


def store_on(folder: Path, address: str, is_over: Event, told: SimpleQueue[float]) -> None:
    """Store until it is over; tells when it begins, and in the end the longest wait."""
    desk, waits = Desk(folder, open_engine(address)), [0.0]
    told.put(0.0)
    while not is_over.wait(EVERY_S):
        began_s = time.monotonic()
        store_something(desk)
        waits.append((time.monotonic() - began_s) * 1000)
    told.put(max(waits))
