"""The whole city in one process, on one virtual clock: real kiosks, a real hub, a bad line, and people."""
