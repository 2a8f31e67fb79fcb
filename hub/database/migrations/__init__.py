"""How the tables came to be as they are: one revision a change, in `versions`; never edited once released.

`python -m hub.database.migrations.drafting "what changes"` writes the next one from the difference between tables and
revisions; read it, mend it, and raise `hub.database.schema.HEAD`.
"""
