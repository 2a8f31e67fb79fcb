"""Other programs, run and listened to."""

import subprocess


class Refusal(Exception):  # noqa: N818 -- it is said, not raised as an error
    """Why it cannot go on, in one sentence that says what to do."""


def do(*command: str) -> str:
    """Run it; what it said.

    Raises:
        Refusal: it failed.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Refusal(f"{' '.join(command)} failed: {said[-1] if said else f'status {done.returncode}'}")
    return done.stdout


def works(*command: str) -> bool:
    """Whether it does what it is asked."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def as_hub(*words: str) -> str:
    """A command of the hub's, as its own user."""
    return do("runuser", "-u", "zaigang", "--", "/opt/zaigang/current/venv/bin/zaigang-hub", *words)
