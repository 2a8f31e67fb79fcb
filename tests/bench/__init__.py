"""The hot paths against the physical limit, in one run: `make bench`."""
