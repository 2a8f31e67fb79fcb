"""The board for other programs."""
