"""A postman in a process of its own, to be killed: `python -m tests.hub.alarms.killed_postman DATABASE`."""

from __future__ import annotations

import sys
import threading
from zoneinfo import ZoneInfo

from hub.alarms.postman import Postman
from hub.database.engine import open_engine
from hub.findings import Findings
from station.clock import read_clock


def main(database: str) -> None:
    clock = read_clock({})
    Postman(open_engine(database), clock, ZoneInfo("Asia/Shanghai"), Findings(clock)).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
