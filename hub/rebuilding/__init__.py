"""The ledger made anew from the records: to check the one kept live, or to replace it."""
