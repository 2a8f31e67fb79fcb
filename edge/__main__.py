"""`zaigang-edge`: hands over to `program`, which takes its time to load; whoever interrupts that gets no traceback."""

import sys
from collections.abc import Sequence
from typing import Final

EXIT_INTERRUPTED: Final = 130  # as a shell tells of SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    try:
        from edge.program import run  # noqa: PLC0415 -- loaded where an interruption is caught

        return run(argv)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
