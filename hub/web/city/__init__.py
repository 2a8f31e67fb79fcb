"""资料: the city's stations and what they are judged by, edited in place."""
