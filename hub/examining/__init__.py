"""`zaigang-hub doctor`: what stands in the hub's way, and what to do about it. Looks, and changes nothing."""
