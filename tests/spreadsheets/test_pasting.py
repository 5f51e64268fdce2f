import csv
import re

import pytest
from django.conf import settings as django
from hypothesis import given, settings
from hypothesis import strategies as st

from oslo.names import normalise, readings
from oslo.spreadsheets.pasting import Pasted, split_list
from oslo.territories import names_in_languages

with (django.BASE_DIR / "data" / "states.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))

KNOWN = {
    normalise(name)
    for row in ROWS
    for name in [row["name"], row["official_name"], *row["aliases"].split(";"), *names_in_languages(row["iso2"])]
    if name
}
CODES = {row[field] for row in ROWS for field in ("iso2", "iso3")}


def is_name(text: str) -> bool:
    return text.upper() in CODES or any(normalise(reading) in KNOWN for reading in readings(text))


def names(text: str) -> list[str]:
    return [pasted.text for pasted in split_list(text, is_name)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Japan, Peru, Chad", ["Japan", "Peru", "Chad"]),
        ("Japan; Peru; Chad", ["Japan", "Peru", "Chad"]),
        ("Japan\nPeru\r\nChad", ["Japan", "Peru", "Chad"]),
        ("Japan\tPeru\tChad", ["Japan", "Peru", "Chad"]),
        ("Japan | Peru | Chad", ["Japan", "Peru", "Chad"]),
        ("Japan, Peru and Chad.", ["Japan", "Peru", "Chad"]),
        ("Japan, Peru, and Chad", ["Japan", "Peru", "Chad"]),
        ("Japan, Peru & Chad", ["Japan", "Peru", "Chad"]),
        ("Japan, Peru et Chad", ["Japan", "Peru", "Chad"]),
        ("Perú y Chad", ["Perú", "Chad"]),
        ("JAPAN AND PERU", ["JAPAN", "PERU"]),
        ("Japan,\nPeru,\nand\nChad", ["Japan", "Peru", "Chad"]),
        ("Japan, Peru\nChad, Mali", ["Japan", "Peru", "Chad", "Mali"]),
        ("\n\nJapan\n\n\nPeru\n", ["Japan", "Peru"]),
        ("1. Japan\n2. Peru", ["Japan", "Peru"]),
        ("1\tJapan\n2\tPeru", ["Japan", "Peru"]),
        ("11) Japan\n12) Peru", ["Japan", "Peru"]),
        ("(1) Japan, (2) Peru", ["Japan", "Peru"]),
        ("a. Japan\nb. Peru", ["Japan", "Peru"]),
        ("• Japan\n- Peru\n– Chad\n* Mali\n· Fiji\n-Togo", ["Japan", "Peru", "Chad", "Mali", "Fiji", "Togo"]),
        ("Japan • Peru • Chad", ["Japan", "Peru", "Chad"]),
        ("Japan&nbsp;&amp;\N{NO-BREAK SPACE}Pe\N{ZERO WIDTH SPACE}ru", ["Japan", "Peru"]),
        ("C\N{LATIN SMALL LETTER O WITH CIRCUMFLEX}te d&#8217;Ivoire", ["Côte d’Ivoire"]),
        ("U.S., U.K. and Lao P.D.R.", ["U.S.", "U.K.", "Lao P.D.R."]),
        ("Dominican Rep., Korea, Rep.", ["Dominican Rep.", "Korea, Rep."]),
        ("", []),
        (" . \n , ; \n — \n", []),
    ],
)
def test_a_list_is_split_at_its_separators(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bosnia and\nHerzegovina", ["Bosnia and Herzegovina"]),
        ("Bosnia\nand Herzegovina, Chad", ["Bosnia and Herzegovina", "Chad"]),
        ("Trinidad\nand Tobago\nPapua New\nGuinea", ["Trinidad and Tobago", "Papua New Guinea"]),
        ("Barbados, Antigua and Barbuda and Yemen", ["Barbados", "Antigua and Barbuda", "Yemen"]),
        ("Serbia and Bosnia and Herzegovina", ["Serbia", "Bosnia and Herzegovina"]),
        ("Antigua & Barbuda & Chad", ["Antigua & Barbuda", "Chad"]),
        ("Antigua&Barbuda", ["Antigua&Barbuda"]),
        ("Saint Vincent and the Grenadines, and Yemen", ["Saint Vincent and the Grenadines", "Yemen"]),
        ("São Tomé and Príncipe et Tchad", ["São Tomé and Príncipe", "Tchad"]),
        ("Trinidad y Tobago y Chile", ["Trinidad y Tobago", "Chile"]),
        ("St. Lucia. Malta.", ["St. Lucia", "Malta"]),
        ("Serbia and Montenegro", ["Serbia", "Montenegro"]),
    ],
)
def test_a_separator_within_a_name_does_not_split_it(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Congo, Republic of the\nKorea, Republic of", ["Congo, Republic of the", "Korea, Republic of"]),
        ("Iran, Islamic Republic of, Iraq", ["Iran, Islamic Republic of", "Iraq"]),
        ("Moldova, Republic of, Cuba", ["Moldova, Republic of", "Cuba"]),  # not “Republic of Cuba”
        ("Gambia, The, Ghana", ["Gambia, The", "Ghana"]),
        ("Guinea, Equatorial Guinea", ["Guinea", "Equatorial Guinea"]),
        ("Sudan, South Sudan", ["Sudan", "South Sudan"]),
        ("Cuba,\nRepublic\nof\nCuba", ["Cuba", "Republic of Cuba"]),
        ("Korea (Republic of, South), Chad", ["Korea (Republic of, South)", "Chad"]),
        (
            "Micronesia, Federated States of, Moldova, Republic of, Monaco",
            ["Micronesia, Federated States of", "Moldova, Republic of", "Monaco"],
        ),
    ],
)
def test_a_name_may_have_a_comma(text, expected):
    assert names(text) == expected


def test_an_unknown_name_with_a_comma_is_not_taken_for_its_first_word():
    assert names("Congo, D.R. of\nJapan") == ["Congo, D.R. of", "Japan"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Foo and Bar", ["Foo and Bar"]),
        ("Japan and Foo", ["Japan", "Foo"]),
        ("Foo and Bar and Japan", ["Foo and Bar", "Japan"]),
        ("Japan, Foo and Bar", ["Japan", "Foo", "Bar"]),
        ("Japan; Foo and Bar.", ["Japan", "Foo", "Bar"]),
        ("Japan, Foo and Bar, Peru", ["Japan", "Foo and Bar", "Peru"]),
        ("Japan\nFoo and Bar", ["Japan", "Foo and Bar"]),
        ("Foo\nBar", ["Foo", "Bar"]),
        ("Foo, Bar", ["Foo", "Bar"]),
        ("Japan (signed), Peru – observer", ["Japan (signed)", "Peru – observer"]),
        ("Zambia. Russia attended.", ["Zambia", "Russia attended"]),
    ],
)
def test_unknown_names_come_back(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize("text", ["ALB, AND, ARE", "ALB\nAND\nARE", "ALB; AND; ARE"])
def test_a_code_is_not_taken_for_a_word(text):
    assert names(text) == ["ALB", "AND", "ARE"]


def test_between_codes_and_is_a_word():
    assert names("UK, US AND UAE") == ["UK", "US", "UAE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("States (80) that took part, as of 20 September 2007: Japan, Peru", ["Japan", "Peru"]),
        ("States that took part in the Lima conference as of\n20 September 2007: Japan, Peru", ["Japan", "Peru"]),
        ("Africa:\nAngola\nBenin\nAsia: Japan", ["Angola", "Benin", "Japan"]),
        ("AFRICA\nAngola", ["AFRICA", "Angola"]),
        ("Participants: Africa: Angola", ["Angola"]),
        ("Japan, Poland; Observers: Peru", ["Japan", "Poland", "Peru"]),
        ("Japan: Mr Foo", ["Japan", "Mr Foo"]),
        ("Source: UN, ICBL\nJapan\nTotal: 81", ["Japan"]),
        ("Japan\nTotal 81 states\n(81 states)\n81 countries.", ["Japan"]),
    ],
)
def test_lead_ins_and_remarks_go(text, expected):
    assert names(text) == expected


def test_marks_are_explained_by_lines_that_begin_with_them():
    text = (
        "Japan*, Poland (1), Peru¹,², Chad †, *Fiji\n"
        "\n"
        "* Observer,\n"
        "as before\n"
        "(1) Later\n"
        "² Second\n"
        "Togo"
    )  # fmt: skip
    assert split_list(text, is_name) == [
        Pasted("Japan", "Observer, as before", 1),
        Pasted("Poland", "Later", 1),
        Pasted("Peru", "Later Second", 1),
        Pasted("Chad", "", 1),
        Pasted("Fiji", "Observer, as before", 1),
        Pasted("Togo", "", 7),
    ]


def test_a_numbered_list_may_have_numbered_footnotes():
    text = "1. Japan (2)\n2. Foo\n3. Peru 1\n1. Observer\n2. Later"
    assert split_list(text, is_name) == [
        Pasted("Japan", "Later", 1),
        Pasted("Foo", "", 2),
        Pasted("Peru", "Observer", 3),
    ]


def test_a_star_may_be_a_bullet_and_a_mark():
    text = "* Japan*\n* Foo\n* Peru\n* took part as an observer"
    assert split_list(text, is_name) == [
        Pasted("Japan", "took part as an observer", 1),
        Pasted("Foo", "", 2),
        Pasted("Peru", "", 3),
    ]


def test_a_name_after_a_star_that_stands_on_no_name_is_not_lost():
    assert names("Japan\n* Foo") == ["Japan", "Foo"]


def test_a_name_says_on_which_line_it_begins():
    text = "States:\n\nJapan, Bosnia and\nHerzegovina\n\n- Peru"
    assert [(pasted.text, pasted.line) for pasted in split_list(text, is_name)] == [
        ("Japan", 3),
        ("Bosnia and Herzegovina", 3),
        ("Peru", 6),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["Gambia, The", "Tanzania, United Republic of"],
        ["Korea, Republic of", "Moldova, Republic of", "Iran, Islamic Republic of"],
        ["Bahamas, The", "Congo, Republic of the", "Gambia, The", "Bolivia, Plurinational State of"],
    ],
)
def test_a_line_that_is_a_name_is_not_torn(lines):
    assert names("\n".join(lines)) == lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALBANIA     ANDORRA\nANGOLA      ARGENTINA", ["ALBANIA", "ANDORRA", "ANGOLA", "ARGENTINA"]),
        ("Japan\t\tPeru\nChad\t\tMali", ["Japan", "Peru", "Chad", "Mali"]),
        ("Japan   Foo\nUntied  Kingdom", ["Japan", "Foo", "Untied Kingdom"]),
        ("Papua New  Guinea, Bosnia  and  Herzegovina", ["Papua New Guinea", "Bosnia and Herzegovina"]),
        ("1 Albania 2 Andorra 3 Foo", ["Albania", "Andorra", "Foo"]),
        ("1. Albania 2. Andorra\n3. Foo 4. Angola", ["Albania", "Andorra", "Foo", "Angola"]),
        ("1 Albania\n2 Foo\n3 Chad", ["Albania", "Foo", "Chad"]),
        ("(i) Japan\n(ii) Foo\n(iii) Chad\niv. Mali", ["Japan", "Foo", "Chad", "Mali"]),
        ("#4 Benin\n# 5 Foo", ["Benin", "Foo"]),
        ("01 – Mexico\n02 - Foo\n3- Chad", ["Mexico", "Foo", "Chad"]),
        ("7 Foo", ["7 Foo"]),
        ("Japan\n12 Foo", ["Japan", "12 Foo"]),
    ],
)
def test_columns_and_numbers_separate(text, expected):
    assert names(text) == expected


LIMA = """Afghanistan, Albania, Angola, Argentina, Australia, Austria, Bangladesh, Belgium, Benin, Bolivia, Bosnia
and Herzegovina, Burundi, Cambodia, Canada, Chad, Chile, Colombia, Costa Rica, Croatia, Czech Republic, Denmark,
Dominican Republic, Ecuador, El Salvador, Egypt, Estonia, Finland, France, Germany, Ghana, Greece, Guatemala,
Guinea-Bissau, Holy See, Honduras, Hungary, Iceland, Indonesia, Ireland, Italy, Japan, Jordan, Lao DPR, Latvia,
Lebanon, Lesotho, Liberia, Liechtenstein, Lithuania, Luxembourg, Malawi, Malta, Mauritania, Mexico, Mozambique,
Netherlands, New Zealand, Nicaragua, Norway, Nigeria, Panama, Paraguay, Peru, Poland, Portugal, Romania, Senegal,
Serbia, Slovakia, Slovenia, South Africa, Spain, Sweden, Switzerland, Tanzania, Thailand, United Kingdom, Uruguay,
Venezuela, Yemen, Zambia"""


def test_the_list_of_the_newsletter_of_lima():
    text = (django.BASE_DIR / "data" / "newsletter-lima-2007.txt").read_text(encoding="utf-8")
    paragraph = text[text.index("States (80)") :]
    expected = LIMA.replace("\n", " ").split(", ")
    assert len(expected) == 81
    assert split_list(paragraph, is_name) == [Pasted(name, "", 1) for name in expected]


@pytest.mark.parametrize("width", [20, 40, 72])
def test_the_list_may_be_wrapped_as_in_an_email(width):
    words = ("States (80) that took part as of 20 September 2007: " + LIMA).split()
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > width and not (len(lines) == 1 and ":" not in lines[0]):
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    assert names("\n".join(lines)) == LIMA.replace("\n", " ").split(", ")


NAMES = sorted({row["name"] for row in ROWS} | {row["official_name"] for row in ROWS})


def with_and(some: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(some[:-1]), some[-1]]))


STYLES = {
    "commas": ", ".join,
    "commas and “and”": with_and,
    "a sentence": lambda some: f"Participants: {with_and(some)}.",
    "semicolons": "; ".join,
    "lines": "\n".join,
    "blank lines": "\n\n".join,
    "numbered": lambda some: "\n".join(f"{number}. {name}" for number, name in enumerate(some, 1)),
    "bullets": lambda some: "\n".join(f"• {name}" for name in some),
    "dashes": lambda some: "\n".join(f"- {name}" for name in some),
    "stars": lambda some: "\n".join(f"* {name}" for name in some),
    "commas at the ends of lines": ",\n".join,
    "wrapped": lambda some: with_and(some).replace(" ", "\n"),
}


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=20, unique=True), st.sampled_from(sorted(STYLES)))
@settings(deadline=None, max_examples=300)
def test_any_states_in_any_style_come_back_in_order(some, style):
    assert names(STYLES[style](some)) == some


PIECES = st.sampled_from(
    [
        *(
            "Japan",
            "Bosnia and Herzegovina",
            "Congo, Democratic Republic of the",
            "Foo",
            "Bar baz",
            "St. Lucia",
            "Korea",
        ),
        *(", ", "; ", " and ", "\n", "\n\n", " ", ".", "\n- ", "\n• ", "\t", " & ", "(", ")", " et ", "AND", "/"),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(deadline=None, max_examples=500)
def test_no_word_gets_lost(text):
    separators = {"and", "et", "AND"}
    before = [word for word in re.findall(r"\w+", text) if word not in separators]
    after = [word for name in names(text) for word in re.findall(r"\w+", name) if word not in separators]
    assert after == before


@given(st.text() | st.lists(st.sampled_from([*"*1.():¹,;- \n", "Japan", "and", "foo bar", "Total"])).map("".join))
@settings(deadline=None)
def test_any_text_gives_names_with_words(text):
    for pasted in split_list(text, is_name):
        assert re.search(r"\w", pasted.text)
        assert 1 <= pasted.line <= len(text.splitlines())


def test_a_long_text_is_split_in_time():
    assert len(names(", ".join(["Foo and Bar", *NAMES] * 10))) == 10 * (len(NAMES) + 1)
