import csv
from collections import defaultdict

import pytest
from django.conf import settings

from oslo.names import closest, normalise, words


@pytest.mark.parametrize(
    ("spelled", "otherwise"),
    [
        ("Laos", "LAOS"),
        ("Côte d'Ivoire", "Cote d’Ivoire"),
        ("Côte d'Ivoire", "COTE DIVOIRE"),
        ("Côte d'Ivoire", "Cote d`Ivoire"),
        ("Côte d'Ivoire", "Co\N{COMBINING CIRCUMFLEX ACCENT}te d‘Ivoire"),
        ("Lao People's Democratic Republic", "Lao People´s Democratic Republic"),
        ("Guinea-Bissau", "Guinea Bissau"),
        ("Guinea-Bissau", "Guinea–Bissau"),
        ("Timor-Leste", "Timor Leste"),
        ("Lao P.D.R.", "Lao PDR"),
        ("U.K.", "UK"),
        ("The Gambia", "Gambia"),
        ("Gambia (the)", "Gambia"),
        ("Gambia, The", "GAMBIA"),
        ("Trinidad & Tobago", "Trinidad and Tobago"),
        ("Trinidad&Tobago", "Trinidad and Tobago"),
        ("St. Lucia", "Saint Lucia"),
        ("St Lucia", "Saint Lucia"),
        ("St.Lucia", "Saint Lucia"),
        ("Ste-Lucie", "Sainte Lucie"),
        ("St. Vincent & the Grenadines", "Saint Vincent and Grenadines"),
        ("Türkiye", "TURKIYE"),
        ("TÜRKİYE", "Türkiye"),
        ("  Laos\t", "Laos"),
        ("Lao\N{NO-BREAK SPACE}PDR", "Lao PDR"),
        ("Ｌａｏｓ", "Laos"),
        ("Preußen", "PREUSSEN"),
    ],
)
def test_spellings_of_one_name_have_one_form(spelled, otherwise):
    assert normalise(spelled) == normalise(otherwise)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Niger", "Nigeria"),
        ("Guinea", "Equatorial Guinea"),
        ("Dominica", "Dominican Republic"),
        ("Congo", "Democratic Republic of the Congo"),
        ("Netherlands", "Nether Lands of Old"),
        ("Athens", "Ans"),  # only the word "the" goes
        ("Estonia", "Esaintonia"),  # only the word "St" is a saint
    ],
)
def test_different_names_have_different_forms(name, other):
    assert normalise(name) != normalise(other)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Côte d’Ivoire", "cotedivoire"),
        ("St. Kitts & Nevis", "saintkittsandnevis"),
        ("Group of 77", "groupof77"),
        ("ST", "st"),  # a code, not a saint
        ("the", ""),
        ("—", ""),
        ("_", ""),
        ("", ""),
        ("ລາວ", "ລາວ"),
        ("Россия", "россия"),
    ],
)
def test_form_of_a_name(name, form):
    assert normalise(name) == form


@pytest.mark.parametrize("name", ["St. Kitts & Nevis", "Côte d’Ivoire", "The Gambia", "ST", "İstanbul", "ﬁ"])
def test_form_of_a_form_is_itself(name):
    assert normalise(normalise(name)) == normalise(name)


def test_words_of_a_name():
    assert words("St. Vincent & the Grenadines (SVG)") == ["saint", "vincent", "and", "grenadines", "svg"]


NAMES = ["Laos", "Lesotho", "Slovakia", "Slovenia", "Côte d'Ivoire", "Moldova", "Republic of Moldova"]


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Slovnia", ["Slovenia", "Slovakia"]),
        ("Cote Divoir", ["Côte d'Ivoire"]),
        ("republic of moldava", ["Republic of Moldova", "Moldova"]),
        ("Xyzzy", []),
        ("", []),
        ("—", []),
    ],
)
def test_closest_names_are_suggested_best_first(name, suggested):
    assert closest(name, NAMES) == suggested


def test_no_more_names_are_suggested_than_asked_for():
    assert closest("Slovnia", NAMES, limit=1) == ["Slovenia"]
    assert closest("Slovnia", iter(NAMES), limit=1) == ["Slovenia"]
    assert closest("Slovnia", []) == []


def test_no_two_real_states_share_a_name_code_or_alias():
    owners = defaultdict(set)
    with (settings.BASE_DIR / "data" / "states.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = [row["name"], row["iso3"], row["iso2"], *row["aliases"].split(";")]
            for name in filter(None, names):
                owners[normalise(name)].add(row["iso3"])
    assert "" not in owners
    assert {name: states for name, states in owners.items() if len(states) > 1} == {}
    assert len(set.union(*owners.values())) == 198
