"""What a pasted list says around its names: headings above them, remarks behind them, footnotes."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oslo.spreadsheets.pasting import split_list

from .test_pasting import NAMES, STYLES, is_name


def said(text: str) -> list[tuple[str, ...]]:
    """What there is of each name: the name, the heading above it, the remark behind it, and its footnote."""
    found = ((one.name, one.heading, one.remark, one.footnote) for one in split_list(text, is_name))
    return [tuple(filter(None, one)) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Not present: Chad, Mali", [("Chad", "Not present"), ("Mali", "Not present")]),
        ("States Parties:\nPeru\n\nObservers:\nUSA\n", [("Peru",), ("USA", "Observers")]),
        ("Observers\nUSA\nMember States\nChad", [("USA", "Observers"), ("Chad", "Member States")]),
        ("Peru\n\nObservers (2)\n\nUSA\n\nChad", [("Peru",), ("USA", "Observers (2)"), ("Chad", "Observers (2)")]),
        ("Absent – Chad, Mali", [("Chad", "Absent"), ("Mali", "Absent")]),
        ("Present: Peru, USA. Absent: Chad.", [("Peru", "Present"), ("USA", "Present"), ("Chad", "Absent")]),
        ("Peru, Foo. Not present: Chad", [("Peru",), ("Foo",), ("Chad", "Not present")]),
        ("Japan, Poland; Observers: Peru", [("Japan",), ("Poland",), ("Peru", "Observers")]),
        ("Observers: Africa: Angola\nAsia:\nJapan", [("Angola", "Observers"), ("Japan", "Observers")]),
        ("Observers: Western Europe and Others: Malta\nOthers: Chad", [("Malta", "Observers"), ("Chad", "Others")]),
        ("Did not\nattend: Chad", [("Chad", "Did not attend")]),
        ("The following states did not\nattend: Chad", [("Chad", "The following states did not attend")]),
        ("States absent from the\nLima Conference: Chad", [("Chad", "States absent from the Lima Conference")]),
        ("Peru\nobservers: Chad", [("Peru",), ("Chad", "observers")]),
        ("States that took part: Chad", [("Chad",)]),
    ],
)  # fmt: skip
def test_a_heading_holds_until_the_next(text, expected):
    assert said(text) == expected


def test_a_footnote_that_stands_on_no_name_is_no_heading():
    assert said("Peru\n¹ Observer\n1/ Observer\nChad")[-1] == ("Chad",)
    assert said("Peru\n**Observers**\nChad")[-1] == ("Chad", "**Observers**")


def test_roles_below_their_states_are_no_headings():
    assert said("Chad\nAbsent\nMali\nPresent") == [("Chad",), ("Absent",), ("Mali",), ("Present",)]
    assert said("Chad\nAbsent\nMali\nPresent\nFiji")[-3:] == [("Mali",), ("Present",), ("Fiji",)]
    assert said("Chad\nObservers\nMali") == [("Chad",), ("Mali", "Observers")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Côte d'Ivoire (observer)", [("Côte d'Ivoire", "observer")]),
        ("Lao People's Democratic Republic – Chair", [("Lao People's Democratic Republic", "Chair")]),
        (
            "Iran (Islamic Republic of) - invited, did not attend\nChad",
            [("Iran (Islamic Republic of)", "invited, did not attend"), ("Chad",)],
        ),
        ("Chad - absent, Benin – arrived late, Mali", [("Chad", "absent"), ("Benin", "arrived late"), ("Mali",)]),
        ("Peru – observer, Foo, Chad", [("Peru", "observer"), ("Foo",), ("Chad",)]),
        ("Trinidad\nand Tobago (observer)", [("Trinidad and Tobago", "observer")]),
        ("Guinea - Bissau - absent", [("Guinea - Bissau", "absent")]),
        ("Chad\tabsent\nMali\tpresent", [("Chad", "absent"), ("Mali", "present")]),
        ("Chad      absent\nMali    present", [("Chad", "absent"), ("Mali", "present")]),
        ("Chad: absent\nMali : observer", [("Chad", "absent"), ("Mali", "observer")]),
        ("Chad* (absent)\nMali (observer)¹\n¹ Late\n* Ill", [("Chad", "absent", "Ill"), ("Mali", "observer", "Late")]),
        ("Antigua and Barbuda: absent", [("Antigua and Barbuda", "absent")]),
        ("Korea, Republic of: absent\nChad", [("Korea, Republic of", "absent"), ("Chad",)]),
        ("1. Chad: absent\n2. Foo: observer.", [("Chad", "absent"), ("Foo", "observer")]),
        ("Gambia, The\tabsent\nChad\tAfrica\tabsent", [("Gambia, The", "absent"), ("Chad",), ("Africa",), ("absent",)]),
        ("Chad\n(absent), Mali", [("Chad", "absent"), ("Mali",)]),
        ("Peru (head of delegation: Mr Foo)", [("Peru", "head of delegation: Mr Foo")]),
        ("Lima: Observers: Peru", [("Peru", "Observers")]),
        ("Foo (absent)", [("Foo", "absent")]),
        ("Foo (chair)", [("Foo (chair)",)]),
        ("Congo (Democratic Republic of the)", [("Congo (Democratic Republic of the)",)]),
        ("Guinea (Equatorial)", [("Guinea (Equatorial)",)]),
        ("Norway (Peru)", [("Norway (Peru)",)]),
        ("Norway (Dem. Rep.)", [("Norway (Dem. Rep.)",)]),
        ("Chad\tMali", [("Chad",), ("Mali",)]),
    ],
)  # fmt: skip
def test_a_remark_behind_a_name_is_not_of_the_name(text, expected):
    assert said(text) == expected


def test_a_footnote_may_begin_with_a_bare_number():
    text = "Angola 1\nArgentina²\nPeru\n\n1 Joined on the\nsecond day.\n2 Without credentials."
    assert said(text) == [("Angola", "Joined on the second day."), ("Argentina", "Without credentials."), ("Peru",)]
    assert said("1 Angola 2\n2 Foo\n3 Peru 1\n\n1 Late\n2 Early") == [("Angola", "Early"), ("Foo",), ("Peru", "Late")]


REMARKS = ["{} (observer)", "{} [observer]", "{} – observer", "{}: observer", "{} (observer)*"]


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=10, unique=True),
    st.sampled_from(sorted({*STYLES} - {"wrapped", "a sentence"})),
    st.sampled_from(REMARKS),
)
@settings(deadline=None, max_examples=200)
def test_any_states_with_remarks_come_back_in_order(some, style, remark):
    text = STYLES[style]([remark.format(name) if at % 2 else name for at, name in enumerate(some)])
    assert said(text) == [(name, "observer") if at % 2 else (name,) for at, name in enumerate(some)]


@pytest.mark.parametrize(
    "text", ["a - ", "a: ", "Chad (", "Chad  ", "1 Chad ", "Observers\n", "not ", "- absent ", "word "]
)
def test_a_long_text_without_sense_is_read_in_time(text):
    begun = process_time()
    split_list((text * 20_000)[:20_000], is_name)
    assert process_time() - begun < 10  # seconds; it takes half a second, and took half a minute
