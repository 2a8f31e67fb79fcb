"""What all desks share: the database, commands given by who is signed in, and refusals beside the field."""
