"""The ledger of stints and of watching, kept from the records as they come."""
