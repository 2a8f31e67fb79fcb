"""Alarms: `keeper` raises, escalates and ends them, `postman` takes the messages of `book` to channels."""
