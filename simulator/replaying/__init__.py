"""A day played again: records as a hub received them, through its core, and what follows from them."""
