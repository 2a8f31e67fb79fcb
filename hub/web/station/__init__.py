"""One station's day."""
