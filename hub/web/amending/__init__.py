"""更正: taps of a station's day put right, with the picture of the day before and after; records stay as they are."""
