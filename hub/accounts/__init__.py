"""Who may come in: accounts, invitations, sessions, links of screens, keys of programs, and the log of access.

Rules stand in `hub.rights`; here is what is kept, and what proves that somebody is who they say. No web in it.
"""
