"""月历: the country's holidays, and days that many stations share; what a change would do is shown beforehand."""
