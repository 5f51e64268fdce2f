import pytest

from oslo.spreadsheets.known import Directory
from states.resources import STATES
from tests.factories import StateFactory, StateNameFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory():
    states = [
        ("LAO", "LA", "Laos", "Lao People's Democratic Republic"),
        ("CIV", "CI", "Côte d'Ivoire", "Republic of Côte d'Ivoire"),
        ("BIH", "BA", "Bosnia and Herzegovina", "Bosnia and Herzegovina"),
        ("VCT", "VC", "Saint Vincent and the Grenadines", ""),
        ("GNB", "GW", "Guinea-Bissau", ""),
        ("GIN", "GN", "Guinea", ""),
        ("GMB", "GM", "Gambia", ""),
        ("KOR", "KR", "South Korea", "Republic of Korea"),
        ("PRK", "KP", "North Korea", "Democratic People's Republic of Korea"),
    ]
    for iso3, iso2, name, official in states:
        state = StateFactory(iso3=iso3, iso2=iso2, name=name, official_name=official)
        if iso3 == "LAO":
            StateNameFactory(state=state, name="Lao DPR")
    return Directory(STATES)


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("LAO", "LAO"),
        ("la", "LAO"),
        ("laos", "LAO"),
        ("LAO DPR", "LAO"),
        ("Lao People’s Democratic Republic", "LAO"),
        ("The Lao Peoples Democratic Republic", "LAO"),
        ("Cote d’Ivoire", "CIV"),
        ("CÔTE D`IVOIRE", "CIV"),
        ("Cote dIvoire", "CIV"),
        ("Bosnia & Herzegovina", "BIH"),
        ("bosnia  and herzegovina.", "BIH"),
        ("St. Vincent & the Grenadines", "VCT"),
        ("St Vincent and Grenadines", "VCT"),
        ("Guinea Bissau", "GNB"),
        ("Guinea", "GIN"),
        ("The Gambia", "GMB"),
        ("Gambia, the", "GMB"),
        ("Republic of Korea", "KOR"),
    ],
)
def test_a_state_is_found_by_code_or_any_name_however_it_is_spelled(directory, name, iso3):
    assert directory.find(name).iso3 == iso3


def message(directory, name: str) -> str:
    with pytest.raises(ValueError, match="“") as error:
        directory.find(name)
    return str(error.value)


def test_an_unknown_name_is_told_with_the_closest(directory):
    assert message(directory, "Guinea-Bissaw") == (
        "“Guinea-Bissaw” is not a known state. The closest is Guinea-Bissau (GNB)."
    )


def test_a_name_that_nothing_is_like_is_told_without_suggestions(directory):
    assert message(directory, "Xxqqzz") == "“Xxqqzz” is not a known state."


def test_a_name_that_could_be_two_states_asks_which(directory):
    assert message(directory, "Korea") == "“Korea” could be North Korea (PRK) or South Korea (KOR): which one?"


def test_a_name_is_never_matched_by_likeness(directory):
    for name in ("Laoo", "Gambi", "Guine", "Cote", "South Kore"):
        assert message(directory, name).startswith(f"“{name}” ")


def test_a_name_of_punctuation_is_unknown(directory):
    assert message(directory, "...") == "“...” is not a known state."


@pytest.mark.parametrize("name", ["L/A", "l.a.", "&", "St.", "L A"])
def test_a_code_is_found_only_as_it_is_written(directory, name):
    """“N/A” in a cell means that there is nothing, and not Namibia."""
    for iso3, iso2, other in [("AND", "AD", "Andorra"), ("STP", "ST", "Sao Tome"), ("SAI", "SA", "Saint")]:
        directory.add(StateFactory(iso3=iso3, iso2=iso2, name=f"{other} X"))
    assert message(directory, name).startswith(f"“{name}” ")
