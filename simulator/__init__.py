"""What stands in for the world: reader chips, cards, people, kiosks, bad lines, time."""
