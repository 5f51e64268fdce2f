def names_in_languages(iso2: str) -> list[str]:
    return []
