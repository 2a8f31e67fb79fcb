"""值班表: who is expected on duty when, entered by those whose station it is."""
