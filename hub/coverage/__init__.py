"""达标: what came of each station's days, reckoned from the ledger after each change; read for pages and API."""
