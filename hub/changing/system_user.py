"""Who gives a command at this machine: the system's user, behind `sudo` the one who called it."""

import getpass
import os


def system_user() -> str:
    """Their name, or their number where the system has none for it."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return f"uid {os.getuid()}"
