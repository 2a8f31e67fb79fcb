"""What a person and a program see of the hub: pages, live stream, API."""
