"""Coming in: signing in, the second factor, invitations; and one's own page."""
