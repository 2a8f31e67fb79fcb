"""New versions for kiosks: kept, signed by The Update Framework's roles, and given out a few kiosks at a time."""
