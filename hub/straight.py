"""A request that goes where it was meant to, or nowhere: codes, keys and secrets follow no redirection."""

import urllib.request
from typing import Any


class Straight(urllib.request.HTTPRedirectHandler):
    """For an opener: an answer that sends elsewhere is an error."""

    def redirect_request(self, *_: Any) -> None:
        """Go nowhere else."""
