"""The hardware of a kiosk: card readers, cards, lamp and buzzer. Knows nothing of stations, MQTT or files."""
