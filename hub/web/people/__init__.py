"""志愿者: people, their cards, stations and training; only those who belong to one's stations."""
