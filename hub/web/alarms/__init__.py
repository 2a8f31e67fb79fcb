"""提醒: what stations lack now, and who looks after it."""
