from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oslo.moments import MONTHS, WEEKDAYS, Moment, read_moment

DAY = date(2007, 5, 23)
LIMA = Moment(DAY, date(2007, 5, 25))


@pytest.mark.parametrize(
    "text",
    [
        "2007-05-23",
        " 2007-5-23 ",
        "2007-05-23 00:00",
        "2007-05-23 00:00:00",
        "2007-05-23T00:00:00.000",
        "2007/05/23",
        "23 May 2007",
        "23\N{NO-BREAK SPACE}May\t2007",
        "23rd May, 2007",
        "23rd of May 2007",
        "May 23, 2007",
        "May 23rd 2007",
        "Wednesday 23 May 2007",
        "Wednesday, May 23, 2007",
        "Wed. 23 May 2007",
        "23-May-2007",
        "23. May 2007",
        "23.05.2007",
        "23. 5. 2007",
        "23/05/2007",
        "05/23/2007",
        "23-05-2007",
        "23 mai 2007",
        "mercredi 23 mai 2007",
        "23 de mayo de 2007",
        "miércoles 23 de mayo del 2007",
        "23 MAYO 2007",
    ],
)
def test_a_day_is_read(text):
    assert read_moment(text) == Moment(DAY, DAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er mars 2007", date(2007, 3, 1)),
        ("1º de marzo de 2007", date(2007, 3, 1)),
        ("15 août 2007", date(2007, 8, 15)),
        ("15 AOUT 2007", date(2007, 8, 15)),
        ("15 aou\N{COMBINING CIRCUMFLEX ACCENT}t 2007", date(2007, 8, 15)),
        ("7 setiembre 2007", date(2007, 9, 7)),
        ("3 févr. 2007", date(2007, 2, 3)),
        ("Mar 13, 2007", date(2007, 3, 13)),  # March
        ("mar. 13 marzo 2007", date(2007, 3, 13)),  # martes
        ("03/03/2007", date(2007, 3, 3)),
        ("03.04.2007", date(2007, 4, 3)),
        ("29 February 2008", date(2008, 2, 29)),
        ("1800-01-01", date(1800, 1, 1)),
        ("31 December 2200", date(2200, 12, 31)),
    ],
)
def test_a_day_is_read_in_other_languages_and_at_the_edges(text, day):
    assert read_moment(text) == Moment(day, day)


@pytest.mark.parametrize("text", ["2007-05", "2007-5", "May 2007", "may 2007", "mai 2007", "mayo de 2007", "May, 2007"])
def test_a_month_is_read(text):
    assert read_moment(text) == Moment(date(2007, 5, 1), date(2007, 5, 31))


def test_a_year_is_read():
    assert read_moment("2007") == Moment(date(2007, 1, 1), date(2007, 12, 31))


@pytest.mark.parametrize("text", ["Sept. 2007", "Sep 2007", "septembre 2007", "sept. 2007", "setiembre de 2007"])
def test_a_short_month_is_read(text):
    assert read_moment(text) == Moment(date(2007, 9, 1), date(2007, 9, 30))


@pytest.mark.parametrize(
    "text",
    [
        "23-25 May 2007",
        "23 - 25 May 2007",
        "23–25 May 2007",
        "23 — 25 May 2007",
        "23 to 25 May 2007",
        "23rd to 25th of May 2007",
        "23 al 25 de mayo de 2007",
        "23 au 25 mai 2007",
        "23 May - 25 May 2007",
        "23 May 2007 – 25 May 2007",
        "Wed 23 – Fri 25 May 2007",
        "May 23-25, 2007",
        "May 23 – May 25, 2007",
        "May 23, 2007 to May 25, 2007",
        "2007-05-23/2007-05-25",
        "2007-05-23 to 2007-05-25",
        "2007-05-23 – 2007-05-25",
        "23.05.2007 - 25.05.2007",
        "23/05/2007-25/05/2007",
    ],
)
def test_a_run_of_days_is_read(text):
    assert read_moment(text) == LIMA


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("31 March - 1 April 2008", date(2008, 3, 31), date(2008, 4, 1)),
        ("31 March and 1 April 2008", date(2008, 3, 31), date(2008, 4, 1)),
        ("30 Dec 2007 – 2 Jan 2008", date(2007, 12, 30), date(2008, 1, 2)),
        ("23 and 24 May 2007", date(2007, 5, 23), date(2007, 5, 24)),
        ("23 & 24 May 2007", date(2007, 5, 23), date(2007, 5, 24)),
        ("23 et 24 mai 2007", date(2007, 5, 23), date(2007, 5, 24)),
        ("23 y 24 de mayo de 2007", date(2007, 5, 23), date(2007, 5, 24)),
    ],
)
def test_a_run_of_days_may_cross_months_or_be_two_neighbours(text, first, last):
    assert read_moment(text) == Moment(first, last)


def test_what_kind_of_moment_it_is():
    kinds = {
        text: [word for word in ("day", "month", "year") if getattr(read_moment(text), f"is_{word}")]
        for text in ("2007-05-23", "May 2007", "2007", "23–25 May 2007", "1 May - 31 May 2007", "1–30 May 2007")
    }
    assert kinds == {
        "2007-05-23": ["day"],
        "May 2007": ["month"],
        "2007": ["year"],
        "23–25 May 2007": [],
        "1 May - 31 May 2007": ["month"],
        "1–30 May 2007": [],
    }
    assert not Moment(date(2007, 5, 1), date(2008, 5, 31)).is_month
    assert not Moment(date(2007, 1, 1), date(2008, 12, 31)).is_year


def message(text: str, **options) -> str:
    with pytest.raises(ValueError, match="“") as error:
        read_moment(text, **options)
    return str(error.value)


def test_a_day_that_could_be_two_is_refused_with_both():
    assert message("03/04/2007") == (
        "“03/04/2007” could be 3 April 2007 or 4 March 2007: write it as 2007-04-03 or 2007-03-04."
    )


def test_who_knows_the_order_says_so():
    assert read_moment("03/04/2007", day_first=True).first == date(2007, 4, 3)
    assert read_moment("03/04/2007", day_first=False).first == date(2007, 3, 4)
    assert read_moment("05/23/2007", day_first=True).first == DAY  # only one reading is possible


EXAMPLES = "2007-05-23, 23 May 2007, 23–25 May 2007, May 2007 or 2007"


@pytest.mark.parametrize(
    "text", ["23 May 07", "23/05/07", "23.5.07", "23-May-07", "May 23, '07", "23 May", "23–25 May", "May"]
)
def test_a_year_needs_four_digits(text):
    assert message(text) == f"“{text}” needs its year in four digits, such as 2007."


@pytest.mark.parametrize("text", ["39225", "39225.0", "39225.5", "10000"])
def test_a_spreadsheets_number_is_no_date(text):
    assert message(text) == f"“{text}” looks like a spreadsheet's number for a day: format the cell as a date."


@pytest.mark.parametrize(
    "text", ["31 April 2007", "2007-13-01", "2007-02-29", "31/31/2007", "32 May 2007", "0 May 2007", "23 May 0000"]
)
def test_an_impossible_day_is_refused(text):
    assert message(text) == f"“{text}” is not a day of the calendar: write it as {EXAMPLES}."


@pytest.mark.parametrize(
    "text",
    [
        *("23 May 2007 (tbc)", "before May 2007", "by 2007", "2007?", "c. 2007", "23 May 2007¹", "1¹ May 2007"),
        *("", " ", "—", "tbc", "Wednesday", "23", "2007-08-", "/2007", "23 Foo 2007", "2007-2008", "２００７"),
        *("23/25 May 2007", "23 24 May 2007", "23, 24 and 25 May 2007", "-2007", "200705", "20070523", "May 12007"),
        "2007-05-23 14:00",
    ],
)
def test_only_the_whole_of_a_text_is_a_date(text):
    assert message(text) == f"“{text}” is not a date: write it as {EXAMPLES}."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("25-23 May 2007", "ends before it begins: 25 May 2007 is after 23 May 2007."),
        ("23 and 25 May 2007", "has “and” between days that are not neighbours: write 23–25 May 2007 for all days."),
        ("Monday 23 May 2007", "has the wrong weekday: 23 May 2007 is a Wednesday."),
        ("2007-13", "has no month: expected one from 01 to 12, not 13."),
        ("1799", "is no year from 1800 to 2200."),
        ("0000", "is no year from 1800 to 2200."),
        ("23 May 1799", "has the year 1799: expected one from 1800 to 2200."),
        ("2201-01-01", "has the year 2201: expected one from 1800 to 2200."),
        ("May 2201", "has the year 2201: expected one from 1800 to 2200."),
    ],
)
def test_what_is_wrong_is_said(text, problem):
    assert message(text) == f"“{text}” {problem}"


def test_a_long_text_is_quoted_in_part():
    assert message("x" * 5000).startswith("“" + "x" * 100 + "…” is not a date")


def test_a_name_of_a_month_or_weekday_means_one_in_all_languages():
    assert set(MONTHS.values()) == set(range(1, 13))
    assert set(WEEKDAYS.values()) == set(range(7))
    assert set(MONTHS) & set(WEEKDAYS) == {"mar"}  # March; martes and mardi


ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
FRENCH = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
SPANISH = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]

FORMATS = [
    lambda d: d.isoformat(),
    lambda d: f"{d.isoformat()} 00:00:00",
    lambda d: f"{d.day} {ENGLISH[d.month - 1]} {d.year}",
    lambda d: f"{d.day} {ENGLISH[d.month - 1][:3]}. {d.year}",
    lambda d: f"{ENGLISH[d.month - 1]} {d.day}, {d.year}",
    lambda d: f"{ENGLISH[d.month - 1].upper()} {d.day:02} {d.year}",
    lambda d: f"{d.day}th {ENGLISH[d.month - 1]}, {d.year}",
    lambda d: f"{d.day:02}-{ENGLISH[d.month - 1][:3]}-{d.year}",
    lambda d: f"{d.day} {FRENCH[d.month - 1]} {d.year}",
    lambda d: f"{d.day} de {SPANISH[d.month - 1]} de {d.year}",
    lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    lambda d: f"{d.day}. {d.month}. {d.year}",
]
DAYS = st.dates(date(1800, 1, 1), date(2200, 12, 31))


@given(DAYS, st.sampled_from(FORMATS))
@settings(deadline=None)
def test_any_day_reads_back_as_itself(day, write):
    assert read_moment(write(day)) == Moment(day, day)


@given(DAYS)
@settings(deadline=None)
def test_any_day_in_slashes_reads_back_in_the_order_that_is_told(day):
    assert read_moment(f"{day.day}/{day.month}/{day.year}", day_first=True) == Moment(day, day)
    assert read_moment(f"{day.month}/{day.day}/{day.year}", day_first=False) == Moment(day, day)


@given(DAYS, st.integers(0, 400), st.sampled_from(["-", " - ", "–", " – ", " to "]))
@settings(deadline=None)
def test_any_run_of_days_reads_back_as_itself(first, length, between):
    last = min(first + timedelta(days=length), date(2200, 12, 31))
    run, month = Moment(first, last), ENGLISH[last.month - 1]
    start = f"{first.day} {ENGLISH[first.month - 1]}"
    assert read_moment(f"{start} {first.year}{between}{last.day} {month} {last.year}") == run
    assert read_moment(f"{first.isoformat()} to {last.isoformat()}") == run
    assert read_moment(f"{first.isoformat()}/{last.isoformat()}") == run
    if first.year == last.year:
        assert read_moment(f"{start}{between}{last.day} {month} {last.year}") == run
    if (first.year, first.month) == (last.year, last.month):
        assert read_moment(f"{first.day}{between}{last.day} {month} {last.year}") == run
        assert read_moment(f"{month} {first.day}{between}{last.day}, {last.year}") == run


LIKE_DATES = st.lists(
    st.sampled_from(
        [*"0123456789 -/.,–¹", "2007", "May", "mai", "Mar", "Wed", " to ", " and ", "de", "st", "00:00", "23"]
    ),
    max_size=12,
).map("".join)


@given(st.text() | LIKE_DATES, st.sampled_from([None, True, False]))
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_moment_or_refused(text, day_first):
    try:
        moment = read_moment(text, day_first)
    except ValueError as error:
        assert str(error).startswith(f"“{text[:100]}")  # noqa: PT017
        assert str(error).endswith(".")  # noqa: PT017
    else:
        assert date(1800, 1, 1) <= moment.first <= moment.last <= date(2200, 12, 31)
