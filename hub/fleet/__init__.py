"""The kiosks as devices: what each is given before it goes out, and what is taken from one that was stolen."""
