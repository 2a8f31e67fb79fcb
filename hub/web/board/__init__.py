"""The board: all stations of a city, a district or a kind, now."""
