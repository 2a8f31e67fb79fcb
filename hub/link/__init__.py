"""The hub's way to the broker, and what it tells the kiosks."""
