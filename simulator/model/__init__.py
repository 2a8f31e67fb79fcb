"""A model of settling: every order in which a small world of kiosk, broker, hub and cards can go wrong, searched."""
