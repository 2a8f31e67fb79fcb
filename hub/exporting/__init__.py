"""What the hub holds, written out for others."""
