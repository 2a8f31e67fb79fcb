"""What kiosk and hub agree on: hours, duty rule, presence, records, tokens and the wire. Pure: no I/O."""
