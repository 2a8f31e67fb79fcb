"""What holds for all tests."""

from hypothesis import settings

# A machine that does other work too makes any deadline a coin toss; pytest's own timeout catches what hangs.
settings.register_profile("zaigang", deadline=None)
settings.load_profile("zaigang")
