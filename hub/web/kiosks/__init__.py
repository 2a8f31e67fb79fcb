"""设备: the kiosks of one's stations, how they stand, and entering and retiring them."""
