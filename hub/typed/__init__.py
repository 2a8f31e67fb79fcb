"""What people type, in a cell, a field or a line of a command, into values: one rule, wherever it is typed."""
