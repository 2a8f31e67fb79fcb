"""The machine's own commands."""

import subprocess

from folder import Refusal


def do(*command: str) -> None:
    """Run one that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Refusal(f"{' '.join(command)}: {said[-1] if said else f'status {done.returncode}'}")


def attempt(*command: str) -> bool:
    """Run one that may fail, or not be there."""
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- our own words
    except FileNotFoundError:
        return False
    return done.returncode == 0
