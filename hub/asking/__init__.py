"""What the hub asks of kiosks over the wire: kinds, the rows of what was asked, and who sends them again and again."""
