"""The one way to change the city: commands, the domain's rules over them, rows and a line of history each.

Start at `proposal`; what can be asked stands in `commands`.
"""
