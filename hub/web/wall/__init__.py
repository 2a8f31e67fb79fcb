"""The board on a wall: behind a link of its own, counts only, nothing to be pressed."""
