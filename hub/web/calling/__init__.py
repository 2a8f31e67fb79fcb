"""打电话: whom to call about a station, for whoever may do something about it; each look is in the log."""
