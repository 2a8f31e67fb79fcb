"""What stands in a command's way, said in a sentence, and the exit status of it."""

import sys
from collections.abc import Callable

from hub.errors import HubError
from hub.saying import here, of_system, said_by, tell
from station.errors import ConfigError
from station.settings import EXIT_CONFIG


def guarded(work: Callable[[], int], lang: str | None = None) -> int:
    """Do it; what stands in the way is a sentence on stderr, in the language asked for, and an exit status."""

    def told(sentence: str) -> str:
        return tell(sentence, is_chinese=lang == "zh") if lang else here(sentence)

    try:
        return work()
    except ConfigError as exc:
        sys.stderr.write(told(said_by(exc)) + "\n")
        return EXIT_CONFIG
    except BrokenPipeError:  # whoever read it has seen enough
        sys.stdout = None  # nothing is left to be flushed at the end
        return 0
    except HubError as exc:
        sys.stderr.write(told(said_by(exc)) + "\n")
        return 1
    except OSError as exc:
        sys.stderr.write(told(of_system(exc)) + "\n")
        return 1
