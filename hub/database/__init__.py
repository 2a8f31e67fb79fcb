"""The hub's tables, how they are made, opened and locked."""
