"""What the city's lists say: stations, kiosks, kinds, weeks, names."""
