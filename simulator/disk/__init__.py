"""A disk that forgets: what was not synced when the power fails is lost, wholly or in pieces."""
