"""待办: all that waits for somebody, in one list."""
