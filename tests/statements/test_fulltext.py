"""Search in statements by the database: the same rules in both, and an index that is never behind."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from oslo.search import Words
from statements import fulltext
from statements.models import Statement
from tests.factories import StatementFactory
from tests.search_rules import MATCH, NO_MATCH

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows stems")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite keeps its index")


def found(typed: str) -> list[str]:
    return sorted(Statement.objects.search(Words(typed)).values_list("title", flat=True))


@pytest.mark.parametrize(("typed", "text"), MATCH)
def test_finds(typed, text):
    StatementFactory(title="Wanted", text=text)
    StatementFactory(title="Other", text="Zzz")
    assert found(typed) == ["Wanted"]


@pytest.mark.parametrize(("typed", "text"), NO_MATCH)
def test_does_not_find(typed, text):
    StatementFactory(text=text, title="0")
    assert found(typed) == []


@pytest.mark.parametrize("column", ["title", "summary", "text", "speaker"])
def test_finds_in_every_column(column):
    statement = StatementFactory(**{column: "The needle"})
    StatementFactory()
    assert list(Statement.objects.search(Words("needle"))) == [statement]


def test_words_may_stand_in_different_columns_but_a_phrase_in_one():
    StatementFactory(title="Of Laos", summary="On victims")
    assert found("laos victims") == ["Of Laos"]
    assert found('"laos on"') == []
    assert found('"on victims"') == ["Of Laos"]


def test_nothing_typed_finds_nothing():
    StatementFactory(title="What?")
    assert found("") == found("?") == []


@pytest.mark.parametrize(
    "typed",
    [
        *('"', '""', "*", '"*', "AND", "NOT", "NEAR(", ":", "'", "\\", "\0", "&|!()", "a:*", "-", "(", "{title}:", "^"),
        *("%", "%s", "$1", "--", ";", "a\0b", "<->", "!a", "a & !b", "\ufffe", "\U0001f600", "é" * 200, "ab " * 66),
        *("a-" * 100, '" ' * 100, "a'b" * 66, "".join(map(chr, range(0x100, 0x1C8)))),
    ],
)
def test_whatever_is_typed_is_a_text_to_look_for_and_no_query(typed):
    StatementFactory(title="Unharmed", text="zzz")
    assert found(typed) == []


# Kept up to date


def test_change_by_any_way_is_found_at_once():
    StatementFactory(title="Saved one")
    statement = StatementFactory(title="Saved two")
    Statement.objects.bulk_create(
        [Statement(title=f"Bulk {name}", date="2007-05-23", date_precision="day") for name in ("one", "two")]
    )
    assert found("one") == ["Bulk one", "Saved one"]
    statement.title = "Saved anew"
    statement.save()
    Statement.objects.filter(title="Bulk two").update(title="Bulk other", speaker="Zoë")
    assert found("two") == []
    assert (found("anew"), found("zoe")) == (["Saved anew"], ["Bulk other"])
    Statement.objects.bulk_update([Statement(pk=statement.pk, summary="Nadel")], ["summary"])
    assert found("nadel anew") == ["Saved anew"]
    statement.delete()
    assert found("anew") == []
    Statement.objects.filter(title__startswith="Bulk").delete()
    assert found("bulk") == []
    assert found("saved") == ["Saved one"]


def test_change_of_what_is_not_searched_changes_nothing():
    StatementFactory(title="Needle", status="draft")
    Statement.objects.update(status="published", language="French")
    assert found("needle") == ["Needle"]


def test_raw_writes_are_found():
    StatementFactory(title="Before", text="Élan")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE statements_statement SET title = 'After', text = 'Ελλάδα ß'")
    assert (found("before"), found("elan"), found("after ελλαδα ss")) == ([], [], ["After"])


def test_search_chains_with_other_filters():
    for status in ("draft", "published"):
        for year in (2007, 2009):
            StatementFactory(title=f"Needle {status} {year}", status=status, date=f"{year}-01-01")
    StatementFactory(published=True, title="Other")
    on_day = Statement.objects.known_by("2008-01-01")
    assert [str(one) for one in on_day.published().search(Words("needle"))] == ["Needle published 2007"]
    assert Statement.objects.search(Words("needle")).search(Words("draft")).exclude(date__year=2007).count() == 1
    assert [str(one) for one in Statement.objects.search(Words("needle"))] == [
        "Needle draft 2009",
        "Needle published 2009",
        "Needle draft 2007",
        "Needle published 2007",
    ]


def test_index_is_filled_with_what_was_there_before():
    StatementFactory(title="Étranger", text="Ελλάδα")
    editor = connection.SchemaEditorClass(connection)
    connection.check_constraints()  # or PostgreSQL waits with them, and alters no table meanwhile
    fulltext.remove_index(None, editor)
    StatementFactory(title="Étranger too", text="Ελλάδα")
    connection.check_constraints()
    fulltext.make_index(None, editor)
    fulltext.make_index(None, editor)  # a later migration may
    assert found("etranger ελλαδα") == ["Étranger", "Étranger too"]
    Statement.objects.filter(title="Étranger").delete()
    assert found("etranger") == ["Étranger too"]


def test_statement_of_any_length_can_be_kept():
    every_word = " ".join(f"w{number:x}дж" for number in range(100_000))
    StatementFactory(title="Long", text=f"first {every_word}")
    assert found("first w100дж") == ["Long"]


@on_sqlite
def test_triggers_are_there_after_all_migrations():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'statements_statement'")
        triggers = sorted(name for (name,) in cursor.fetchall())
    assert triggers == [f"statements_fulltext_{event}" for event in ("delete", "insert", "update")]


@on_postgresql
def test_generated_column_is_no_field_of_the_model():
    state = MigrationExecutor(connection).loader.project_state()
    assert "searchable" not in state.models["statements", "statement"].fields
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_generated FROM information_schema.columns WHERE column_name = 'searchable'")
        assert cursor.fetchall() == [("ALWAYS",)]


# Stems


@on_postgresql
@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("English", "The negotiations", "negotiate"),
        ("en", "We supported it", "supporting"),
        ("", "The negotiations", "negotiate"),
        ("Klingon", "The negotiations", "negotiate"),
        ("French", "Les négociations", "négocier"),
        ("français", "Les négociations", "NEGOCIER"),
        ("Spanish", "Las municiones", "munición"),
        ("German", "Die Verhandlungen", "Verhandlung"),
        ("Russian", "кассетные боеприпасы", "кассетных боеприпасов"),
        ("Arabic", "المؤتمر", "مؤتمر"),
    ],
)
def test_word_with_the_same_stem_is_found(language, text, typed):
    StatementFactory(title="Wanted", language=language, text=text)
    assert found(typed) == ["Wanted"]


@on_postgresql
def test_stem_is_no_whole_word_and_no_part_of_a_phrase():
    StatementFactory(title="Wanted", language="English", text="Negotiations continued")
    assert found('"negoti"') == found('"negoti continu"') == found('"negotiation"') == []
    assert found('"negotiations"') == found('"negotiations continued"') == ["Wanted"]
