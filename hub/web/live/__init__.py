"""The stream that keeps pages and other programs up to date."""
