"""What kiosk and hub say to each other: topics, messages and their JSON."""
