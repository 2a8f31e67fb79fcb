"""Which version of the hub this is."""

from importlib.metadata import PackageNotFoundError, version


def hub_version() -> str:
    """As it was installed; 0 where it runs from a tree that is not."""
    try:
        return version("zaigang")
    except PackageNotFoundError:
        return "0"
