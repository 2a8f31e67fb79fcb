"""What stands between a request and its route: who asks, from where, and whether they may."""
