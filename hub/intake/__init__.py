"""From bytes to rows: what kiosks send is read, stored, and only then settled."""
