"""Leading a browser on, within this site and nowhere else."""

from starlette.responses import RedirectResponse, Response


def lead_to(path: str) -> Response:
    """Lead a browser on, within this site."""
    return RedirectResponse(path if is_own_path(path) else "/", 303)


def is_own_path(path: str) -> bool:
    """Whether it is an address of this site, fit to be gone to after signing in."""
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
