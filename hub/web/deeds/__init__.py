"""What a page does, for programs: the page's own function is asked, so rights, commands and words are the same."""
