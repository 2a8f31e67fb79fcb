"""An invented city to try things with: 11 stations, one of each kind; nobody in it exists. Plain CSV."""
