"""Quotes found in a text, and the text in parts."""

import pytest

from statements.quotes import Part, find_quote, paragraphs
from tests.factories import TopicFactory

TEXT = "We  will\nsign. It’s “urgent” for us: no delay, no exceptions."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("We will sign.", ["We  will\nsign."]),
        ("  will sign ", ["will\nsign"]),
        ('It\'s "urgent"', ["It’s “urgent”"]),
        ("“no delay”", ["no delay"]),
        ("We will […] no exceptions", ["We  will", "no exceptions"]),
        ("It’s … for us", ["It’s", "for us"]),
        ("ill", []),
        ("we will sign.", []),
        ("no exceptions … no delay", []),
        ("(", []),
        ("", []),
        ("…", []),
    ],
)
def test_quote_is_found_whatever_its_blanks_and_quotation_marks(quote, found):
    assert [TEXT[start:end] for start, end in find_quote(TEXT, quote)] == found


@pytest.mark.django_db
def test_text_is_parted_at_quotes_that_may_overlap():
    victims, funds = TopicFactory(name="Victims"), TopicFactory(name="Funds")
    quotes = [("will sign. Pay", victims), ("Pay us", funds), ("Pay us", funds), ("elsewhere", funds)]
    assert paragraphs("We will sign. Pay us.\r\n\r\nThank\nyou.", quotes) == [
        [
            Part("We "),
            Part("will sign. ", (victims,)),
            Part("Pay", (victims, funds), (victims,)),
            Part(" us", (funds,), (funds,)),
            Part("."),
        ],
        [Part("Thank\nyou.")],
    ]


@pytest.mark.django_db
def test_quote_goes_on_in_the_next_paragraph():
    topic = TopicFactory()
    assert paragraphs("One two.\n\nThree four.", [("two. Three", topic)]) == [
        [Part("One "), Part("two.", (topic,))],
        [Part("Three", (topic,), (topic,)), Part(" four.")],
    ]


def test_no_text_has_no_paragraphs():
    assert paragraphs("", []) == []
    assert paragraphs("<b>", []) == [[Part("<b>")]]
