"""Finding stations and people from every page, by code, name, pinyin or its initials."""
