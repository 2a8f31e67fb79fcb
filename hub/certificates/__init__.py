"""The site CA: who the broker is and who each kiosk is, by certificates that this hub signs. One key, no other CA."""
