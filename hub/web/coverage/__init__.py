"""达标: how opening time was covered, per station, district and kind, over a day, a week, a month or a year."""
