"""The history of alarms: many at a time, one with all that became of it, and as a sheet."""
