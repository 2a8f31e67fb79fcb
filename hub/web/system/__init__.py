"""系统: users and their grants, screens' links, programs' keys, history, and the log of access."""
