"""From the wire to settled."""
