"""The database's files: how they are made, kept private, and backed up."""
