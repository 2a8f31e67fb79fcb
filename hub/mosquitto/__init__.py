"""Mosquitto as the hub sets it up: who may say what on the wire, and who may be there at all."""
