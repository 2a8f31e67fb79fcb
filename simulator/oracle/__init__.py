"""The judge of a simulated world: reads plain JSON, imports no other room."""
