"""What somebody typed to search for: which texts it matches, what is marked, and what is shown of a long text."""

import re
import time
from html import unescape

import pytest
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from oslo.search import Words, fold
from tests.search_rules import MATCH, NO_MATCH

ANY_TEXT = st.text(max_size=120) | st.text(alphabet="aeé<&>\"' ́ß\x00ﬁΆά-", max_size=60)


@pytest.mark.parametrize(("typed", "text"), MATCH)
def test_matches(typed, text):
    assert Words(typed).matches(text)


@pytest.mark.parametrize(("typed", "text"), NO_MATCH)
def test_does_not_match(typed, text):
    assert not Words(typed).matches(text)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ('cluster "transition period" negotiat', ["cluster", "transition period", "negotiat"]),
        ("«période de transition» Étranger", ["periode de transition", "etranger"]),
        ('6" rocket', ["6", "rocket"]),
        ('one "two three', ["one", "two", "three"]),
        ("Laos laos LAOS", ["laos"]),
        ("self-destruct", ["self destruct"]),
        ('"" \' " "', []),
        ("", []),
        ("?!", []),
        ("_", []),
    ],
)
def test_words_and_phrases(typed, words):
    assert [" ".join(term.words) for term in Words(typed).terms] == words
    assert bool(Words(typed)) == bool(words)


def test_the_first_ten_words_count_and_the_others_are_named():
    words = Words('a b c d e f g h i "j k" l "m n" o')
    assert [term.typed for term in words.terms] == [*"abcdefghi", "j k"]
    assert words.left_out == "l m n o"
    assert words.matches("a b c d e f g h i j k")
    assert Words("a a b c d e f g h i j").left_out == ""


def test_words_may_stand_in_different_texts_but_a_phrase_in_one():
    assert Words("laos victims").matches("Of Laos", "On victims")
    assert not Words("laos peru").matches("Of Laos", "On victims")
    assert not Words('"laos on"').matches("Of Laos", "On victims")


def test_nothing_typed_matches_nothing():
    assert not Words("?").matches("What?", "")


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("laos", "Laos & <Peru>", "<mark>Laos</mark> &amp; &lt;Peru&gt;"),
        ("etranger", "L'Étranger", "L&#x27;<mark>Étranger</mark>"),
        ("etranger", "L'E\u0301tranger\u0301!", "L&#x27;<mark>E\u0301tranger\u0301</mark>!"),
        ("nego", "They negotiated.", "They <mark>negotiated</mark>."),
        ("negotiate", "Negotiations", "<mark>Negotiations</mark>"),
        ("négocier", "Les négociations", "Les <mark>négociations</mark>"),
        ("negociar", "Negociamos", "<mark>Negociamos</mark>"),
        ('"victim assistance"', "On victim  assistance", "On <mark>victim  assistance</mark>"),
        ('victim "victim assistance"', "victim assistance", "<mark>victim assistance</mark>"),
        ("ffi", "oﬃce ﬃ", "oﬃce <mark>ﬃ</mark>"),
        ("strasse", "Die Straße", "Die <mark>Straße</mark>"),
        ("amp", "a & b", "a &amp; b"),
        ("as", "a as ass", "a <mark>as</mark> <mark>ass</mark>"),
        ("is", "i is it", "i <mark>is</mark> it"),
        ("", "a < b", "a &lt; b"),
    ],
)
def test_words_are_marked_in_the_text_as_it_stands(typed, text, marked):
    found = Words(typed).highlight(text)
    assert found == marked
    assert isinstance(found, SafeString)


def test_what_calls_itself_safe_is_escaped_all_the_same():
    assert Words("b").highlight(mark_safe("<b>")) == "&lt;<mark>b</mark>&gt;"


@given(ANY_TEXT, ANY_TEXT)
def test_marking_loses_nothing_and_lets_no_tag_through(typed, text):
    html = Words(typed).highlight(text)
    plain = re.sub("</?mark>", "", html)
    assert not re.search("[<>\"']", plain)
    assert re.sub(r"<mark>[^<>]+</mark>", "", html).count("<") == 0
    assert unescape_ours(plain) == text


def unescape_ours(html: str) -> str:
    """The text, without what else HTML makes of it (it has no place for NUL)."""
    return re.sub(r"&(?:amp|lt|gt|quot|#x27);", lambda found: unescape(found.group()), html)


@given(ANY_TEXT, ANY_TEXT)
def test_what_matches_is_marked(typed, text):
    words = Words(typed)
    assert not words.matches(text) or "<mark>" in words.highlight(text)


@given(ANY_TEXT, ANY_TEXT, st.integers(min_value=1, max_value=50))
def test_passage_is_a_part_of_the_text_with_the_first_match(typed, text, length):
    words, whole = Words(typed), " ".join(text.split())
    html = words.passage(text, length)
    plain = unescape_ours(re.sub("</?mark>", "", html))
    assert not re.search("[<>\"']", re.sub("</?mark>", "", html))
    if len(whole) <= length:
        assert plain == whole
    else:
        part = plain.removeprefix("… ").removesuffix(" …")
        assert part in whole
        assert 0 < len(part) <= length


@given(ANY_TEXT, ANY_TEXT)
def test_the_first_place_is_that_of_the_first_mark(typed, text):
    words = Words(typed)
    assert words.first(text) == next((start for start, _end in words.places(text)), None)


@pytest.mark.parametrize(
    "before", ["", "é", "ﬁ ", "x" * 999 + " ", "é" * 3000, "é" * 4990, "é" * 4990 + " land", "é" * 9000]
)
@pytest.mark.parametrize(
    ("typed", "text", "first"),
    [
        ("peru laos", "Of Laos and Peru", 3),
        ("laos peru", "Of Laos and Peru", 3),
        ("negotiate", "Of negotiations", 3),
        ('"and peru"', "Of and, and Peru", 8),
        ("of", "Of", 0),
        ("eru", "Of Laos and Peru", None),
    ],
)
def test_the_first_place_is_found_in_the_text_as_it_stands(before, typed, text, first):
    before = f"{before}, " if before else ""
    assert Words(typed).first(before + text) == (None if first is None else len(before) + first)


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_passage_is_round_the_first_match():
    text = f"{'ere ' * 100}the needle & more {'then ' * 100}"
    assert Words("needle").passage(text, 50) == (
        "… ere ere the <mark>needle</mark> &amp; more then then then then then …"
    )


def test_passage_of_a_text_without_a_match_is_its_beginning():
    assert Words("needle").passage("one two three four", 10) == "one two …"


def test_passage_marks_whole_words_also_at_its_edges():
    text = f"needle {'hay ' * 20}{'x' * 40}needle needles"
    assert Words("needle").passage(text, 30) == "<mark>needle</mark> hay hay hay hay hay hay …"
    assert "<mark>" not in Words("tack").passage(f"{'hay' * 30}tack", 40)


@pytest.mark.parametrize("letters", ["the treaty of a state ", "la négociation d'un traité ", "договор о запрещении "])
@pytest.mark.parametrize("typed", ["{all}", "{nothing}", "treaty négociation договор"])
def test_a_page_of_long_texts_is_shown_in_no_time(letters, typed):
    alphabet = [chr(ord("a") + number) for number in range(20)]
    words = Words(typed.format(all=" ".join(alphabet), nothing=" ".join(f"nothing{one}" for one in alphabet)))
    texts = [f"{number} {letters * (100_000 // len(letters))}" for number in range(100)]
    start = time.process_time()
    for text in texts:
        words.first(text)
        words.passage(text)
        words.highlight(text[:200])
    assert time.process_time() - start < 5  # seconds of this process; a fifth of it is usual


def test_many_short_texts_are_matched_in_no_time():
    texts = [f"State {number} supports the early conclusion of a treaty" for number in range(20_000)]
    words = Words("treaty conclusion nowhere")
    start = time.process_time()
    assert not any(words.matches(text) for text in texts)
    assert time.process_time() - start < 1  # seconds of this process; a tenth of it is usual
