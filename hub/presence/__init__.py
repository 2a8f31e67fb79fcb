"""Who is there now: folded records, kiosks that are heard, the board's rows."""
