"""`zaigang-hub card|person|station|kiosk|history`: changes of the city, typed at the hub's machine."""
