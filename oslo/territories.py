"""What states are called in English, French and Spanish: Babel's data, which is Unicode's CLDR, and what it lacks."""

import re
from collections import defaultdict
from functools import cache

from babel import Locale

from oslo.names import normalise

LANGUAGES = ("en", "fr", "es")
TWO_NAMES = re.compile(r"(.+) \((.+)\)")

# Old, short and official names that lists have and CLDR has not.
ALSO_CALLED = {
    "AE": ["Emirates"],
    "BF": ["Upper Volta"],
    "BA": ["Bosnia & Herz.", "Bosnia i Hercegovina", "Bosnie et Herzégovine"],
    "BO": ["État plurinational de Bolivie", "Estado Plurinacional de Bolivia"],
    "CF": ["Centrafrique"],
    "CI": ["Costa de Marfil"],
    "CD": ["Congo DR", "République démocratique du Congo", "RD Congo", "RDC"],
    "CG": ["Congo Republic", "République du Congo", "República del Congo"],
    "KM": ["Comoro Islands"],
    "CZ": ["République tchèque", "República Checa"],
    "DZ": ["Democratic and Popular Republic of Algeria"],
    "FJ": ["Fiji Islands", "Republic of the Fiji Islands"],
    "FM": ["États fédérés de Micronésie", "Estados Federados de Micronesia"],
    "GB": ["Royaume-Uni de Grande-Bretagne et d'Irlande du Nord", "Reino Unido de Gran Bretaña e Irlanda del Norte"],
    "GM": ["Islamic Republic of the Gambia"],
    "IE": ["Eire"],
    "IR": ["République islamique d'Iran", "República Islámica del Irán"],
    "KZ": ["Kazakstan", "Kazajstán"],
    "KG": ["Kirghizia", "Kyrghyzstan"],
    "KN": [
        "St. Kitts",
        "St. Kitts-Nevis",
        "Saint Christopher and Nevis",
        "Saint-Kitts-et-Nevis",
        "Saint Kitts y Nevis",
    ],
    "KR": ["République de Corée", "República de Corea"],
    "LA": ["RDP Lao", "République démocratique populaire lao", "República Democrática Popular Lao"],
    "LY": [
        "Great Socialist People's Libyan Arab Jamahiriya",
        "Socialist People's Libyan Arab Jamahiriya",
        "Jamahiriya arabe libyenne",
        "Jamahiriya Árabe Libia",
    ],
    "LU": ["Luxemburg"],
    "MD": ["République de Moldova", "República de Moldova"],
    "MV": ["Maldive Islands"],
    "MK": [
        "Republic of Macedonia",
        "FYR of Macedonia",
        "Macédoine",
        "ex-République yougoslave de Macédoine",
        "ex República Yugoslava de Macedonia",
    ],
    "MM": ["Union of Myanmar"],
    "MU": ["Île Maurice"],
    "NP": ["Kingdom of Nepal"],
    "NZ": ["Aotearoa", "Nueva Zelandia"],
    "KP": ["République populaire démocratique de Corée", "República Popular Democrática de Corea"],
    "RO": ["Roumania"],
    "RU": ["Russian Fed.", "Fédération de Russie", "Federación de Rusia"],
    "SA": ["Arabia Saudita"],
    "SB": ["Solomons"],
    "ST": ["Sao Tome"],
    "SZ": ["Kingdom of Swaziland", "Swazilandia"],
    "SC": ["Seychelles Islands"],
    "SY": ["République arabe syrienne", "República Árabe Siria"],
    "TT": ["Trinidad/Tobago", "Trinidad y Tabago"],
    "TR": ["Republic of Turkey"],
    "TZ": ["République-Unie de Tanzanie", "República Unida de Tanzania"],
    "US": ["États-Unis d'Amérique", "Estados Unidos de América", "EE. UU."],
    "VA": ["Saint-Siège", "Santa Sede"],
    "VC": ["Saint Vincent", "St. Vincent/Grenadines"],
    "VE": ["République bolivarienne du Venezuela", "República Bolivariana de Venezuela"],
    "ZA": ["República de Sudáfrica"],
}


def names_in_languages(iso2: str) -> list[str]:
    """What lists call the territory with this ISO 3166 alpha-2 code, without repeats; nothing for an unknown code.

    “Myanmar (Burma)” is followed by its two parts, unless one names another territory; “Congo - Kinshasa” by
    the same with brackets, and never by “Congo”.
    """
    return list(_all_names().get(iso2.upper(), ()))


@cache
def _all_names() -> dict[str, list[str]]:
    given = defaultdict(list)
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2:
                given[code].append(name)
    for code, names in ALSO_CALLED.items():
        given[code] += names
    owners = {normalise(name): code for code, names in given.items() for name in names}
    found = {}
    for code, names in given.items():
        forms = [form for name in names for form in _forms(name)]
        found[code] = list(dict.fromkeys(form for form in forms if owners.get(normalise(form), code) == code))
    return found


def _forms(name: str) -> list[str]:
    if both := TWO_NAMES.fullmatch(name):
        return [name, *(part for part in both.groups() if part[0].isupper())]
    place, dash, capital = name.partition(" - ")
    return [name, f"{place} ({capital})"] if dash else [name]
