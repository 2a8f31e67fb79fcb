"""Spreadsheets into the hub's tables: `zaigang-hub import`. The way in is `command`, the work `importer`."""
