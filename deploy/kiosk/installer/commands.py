"""The machine's own commands, and what is said when one of them, or anything else, will not do."""

import subprocess


class Refusal(Exception):  # noqa: N818 -- an answer, not a fault
    """Why nothing more was done, in one sentence that says what to do."""


def do(*command: str) -> None:
    """Run one that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Refusal(f"{' '.join(command)}: {said[-1] if said else f'status {done.returncode}'}")


def attempt(*command: str) -> bool:
    """Run one that may fail, or not be there."""
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0
