"""The centre: ingest, store, presence, board and pages."""
