"""Presence, liveness and the board's figures, without a socket."""
