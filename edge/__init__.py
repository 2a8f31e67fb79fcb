"""The agent in one kiosk: reader, tap, journal, uplink; it answers the person who tapped."""
