"""What every page is made of: frame, words, tables, forms, pictures, paging, answers. It knows no feature."""
