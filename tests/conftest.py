"""What holds for all tests."""

import signal

from hypothesis import HealthCheck, settings

# A machine that does other work too makes any deadline a coin toss; pytest's own timeout catches what hangs. What is
# checked must be the same each time: new examples are looked for on purpose, with `--hypothesis-profile explore`.
settings.register_profile(
    "zaigang", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("zaigang"), derandomize=False, print_blob=True)
settings.load_profile("zaigang")


def pytest_configure() -> None:
    """Let programs that tests start meet signals as in service: what runs beside a shell was told to ignore some.

    What is ignored is inherited; a handler is not.
    """
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, lambda *_: None)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
