"""导入: sheets by the browser: looked at first, taken over when somebody says so."""
