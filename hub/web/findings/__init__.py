"""What an operator should look into."""
