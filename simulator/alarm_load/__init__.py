"""How often people would be called in a year, station by station and day by day, held to what an operator can take."""
