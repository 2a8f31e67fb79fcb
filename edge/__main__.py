"""`zaigang-edge`: hands over to `program`, which takes its time to load; whoever interrupts that gets no traceback."""

import sys
from collections.abc import Sequence
from typing import Final

from station.chinese import STATION_SENTENCES
from station.saying import teller

_here = teller(STATION_SENTENCES)  # loaded beforehand: who interrupts may do so again
EXIT_INTERRUPTED: Final = 130  # as a shell tells of SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    try:
        from edge.program import run  # noqa: PLC0415 -- loaded where an interruption is caught

        return run(argv)
    except KeyboardInterrupt:
        sys.stderr.write(_here("interrupted") + "\n")
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
