"""Runs all measurements one after the other and prints a table of ratios; also to build/bench.json."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.bench import agent_cost, alarms, coverage, drain, guesses, importing, ingest, scopes, seam, tap_path, viewers
from tests.bench.figure import Figure

PARTS = {
    "ingest": ingest.measure,
    "seam": seam.measure,
    "viewers": viewers.measure,
    "scopes": scopes.measure,
    "guesses": guesses.measure,
    "tap": tap_path.measure,
    "agent": agent_cost.measure,
    "drain": drain.measure,
    "coverage": coverage.measure,
    "alarms": alarms.measure,
    "import": importing.measure,
}
REPORT = Path("build/bench.json")


def main() -> None:
    """Measure; the exit status says nothing, a noisy machine may miss a target."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="example: python -m tests.bench tap agent")
    parser.add_argument(
        "parts",
        nargs="*",
        choices=[*PARTS, []],
        metavar="PART",
        help=f"only these of {', '.join(PARTS)}; all by default",
    )
    wanted = parser.parse_args().parts or list(PARTS)
    figures: list[Figure] = []
    for name in wanted:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix=f"zaigang-bench-{name}-") as folder:
            figures += PARTS[name](Path(folder))
    print(f"{'':<52}{'measured':>12}{'reference':>12} {'unit':<7}{'ratio':>7}  target")
    for figure in figures:
        print(figure.line())
    REPORT.parent.mkdir(exist_ok=True)
    lines = [{**asdict(figure), "ratio": figure.ratio, "is_met": figure.is_met} for figure in figures]
    REPORT.write_text(json.dumps(lines, indent=1) + "\n")


if __name__ == "__main__":
    main()
