"""What `zaigang-hub` does at a terminal: a file a command, called as it is typed; `office` is what they share."""
