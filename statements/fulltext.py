"""Search in statements by the database, which keeps its index up to date itself, whoever writes and however.

The rules are those of `oslo.search`, the same in both databases: the text is reduced to folded words in the same way.

A migration calls `make_index` and `remove_index`. A later one must call `remove_index` before and `make_index` after it
changes a searched column, for PostgreSQL refuses to change what a column is generated from; and `make_index` after any
change of the table of statements, for Django makes it anew on SQLite, which takes the triggers away without a word.
"""

import re
import sys
import unicodedata
from itertools import groupby

from django.db import connections, transaction
from django.db.models.expressions import RawSQL
from pyroaring import BitMap

from oslo.search import END_OF_TEXT, Term, Words, fold

COLUMNS = ("title", "summary", "text", "speaker")
TABLE = "statements_statement"


def found(words: Words, using: str) -> RawSQL:
    """The primary keys of the statements that match, for `pk__in`; `words` is not empty, `using` names the database."""
    if connections[using].vendor == "postgresql":
        query, params = _tsquery(words)
        return RawSQL(f"SELECT id FROM {TABLE} WHERE searchable @@ ({query})", params)
    match = " AND ".join(_fts5(term) for term in words.terms)
    return RawSQL("SELECT rowid FROM statements_fulltext WHERE statements_fulltext MATCH %s", [match])


def keys(words: Words, using: str) -> BitMap:
    """The primary keys of the statements that match, drafts too, without reading the statements.

    PostgreSQL would read all of them for a frequent word: its planner does not know that each of their vectors has to
    be fetched from elsewhere, which takes eight times as long as to ask the index.
    """
    query, connection = found(words, using), connections[using]
    if connection.vendor != "postgresql":
        return BitMap(key for (key,) in _rows(connection, query.sql, query.params))
    with transaction.atomic(using):
        _rows(connection, "SELECT set_config('enable_seqscan', 'off', true)")
        (text,) = _rows(connection, f"SELECT string_agg(id::text, ' ') FROM ({query.sql}) found", query.params)[0]
        _rows(connection, "SELECT set_config('enable_seqscan', 'on', true)")  # where the transaction goes on
    return BitMap(map(int, (text or "").split()))


def _rows(connection, statement: str, params=()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def make_index(apps, schema_editor) -> None:
    """Make the index and fill it; what there was of it is replaced."""
    remove_index(apps, schema_editor)
    for statement in _on_postgresql(schema_editor) if _is_postgresql(schema_editor) else _on_sqlite():
        schema_editor.execute(statement)


def remove_index(apps, schema_editor) -> None:
    for statement in REMOVE_FROM_POSTGRESQL if _is_postgresql(schema_editor) else REMOVE_FROM_SQLITE:
        schema_editor.execute(statement)


def _is_postgresql(schema_editor) -> bool:
    return schema_editor.connection.vendor == "postgresql"


# SQLite: an FTS5 table that holds words only (the text stays where it is), kept up to date by triggers.

REMOVE_FROM_SQLITE = (
    *(f"DROP TRIGGER IF EXISTS statements_fulltext_{name}" for name in ("insert", "delete", "update")),
    "DROP TABLE IF EXISTS statements_fulltext",
)
# Its tokenizer takes accents off Latin letters, and leaves these as they are.
LATIN = "ßĲĳŉǄǅǆǇǈǉǊǋǌǱǲǳﬀﬁﬂﬃﬄﬅﬆ¹²³ºª"
FIRST_OTHER, LAST_OTHER = "Ͱ", "ۿ"  # Greek, Cyrillic, Hebrew and Arabic, with their vowel signs
WIDTH = 3  # letters that one of these becomes, at most


def _letters() -> dict[str, str]:
    """What each of the letters is without its case and accents; first those of `LATIN`."""
    others = (chr(code) for code in range(ord(FIRST_OTHER), ord(LAST_OTHER) + 1))
    accented = (letter for letter in others if _is_mark(letter) or len(unicodedata.normalize("NFD", letter)) > 1)
    return {letter: fold(letter).strip() for letter in (*LATIN, *accented)}


def _on_sqlite() -> list[str]:
    columns = ", ".join(COLUMNS)
    new, old = (", ".join(_folded(f"{row}.{column}") for column in COLUMNS) for row in ("new", "old"))
    insert = f"INSERT INTO statements_fulltext (rowid, {columns}) VALUES (new.id, {new});"
    delete = (
        f"INSERT INTO statements_fulltext (statements_fulltext, rowid, {columns}) VALUES ('delete', old.id, {old});"
    )
    trigger = "CREATE TRIGGER statements_fulltext_{name} AFTER {event} ON {table} BEGIN {body} END"
    events = {
        "insert": ("INSERT", insert),
        "delete": ("DELETE", delete),
        "update": (f"UPDATE OF id, {columns}", delete + insert),
    }
    return [
        f"CREATE VIRTUAL TABLE statements_fulltext USING fts5({columns}, content='', prefix='2 3', "
        "tokenize='unicode61 remove_diacritics 2')",
        f"INSERT INTO statements_fulltext (rowid, {columns}) "
        f"SELECT id, {', '.join(_folded(column) for column in COLUMNS)} FROM {TABLE}",
        *(trigger.format(name=name, event=event, table=TABLE, body=body) for name, (event, body) in events.items()),
    ]


def _folded(column: str) -> str:
    """SQL for the text of a column as the index has it: folded where the tokenizer does not, if there is any of that.

    It replaces one letter after the other in a loop, for the parser of SQLite refuses so many calls in each other.
    """
    letters = _letters()
    replaced, by = "".join(letters), "".join(plain.ljust(WIDTH) for plain in letters.values())
    steps = (
        f"CASE WHEN length({column}) = length(CAST({column} AS BLOB)) THEN 0 "  # ASCII
        f"WHEN {column} NOT GLOB '*[{FIRST_OTHER}-{LAST_OTHER}]*' THEN {len(LATIN)} ELSE {len(letters)} END"
    )
    one_more = f"replace(text, substr('{replaced}', done + 1, 1), trim(substr('{by}', {WIDTH} * done + 1, {WIDTH})))"
    return (
        f"(WITH RECURSIVE step (done, steps, text) AS (SELECT 0, {steps}, {column} "
        f"UNION ALL SELECT done + 1, steps, {one_more} FROM step WHERE done < steps) "
        "SELECT text FROM step WHERE done = steps)"
    )


def _fts5(term: Term) -> str:
    """A query of FTS5: a string in its quotation marks, in which nothing else means anything."""
    letters = _letters() | {"\0": " ", '"': " "}
    typed = unicodedata.normalize("NFC", term.typed)
    return f'"{"".join(letters.get(letter, letter) for letter in typed)}"{"" if term.whole else " *"}'


# PostgreSQL: a generated column with the words as they are, and the stems of the language.

REMOVE_FROM_POSTGRESQL = (
    f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS searchable",
    "DROP FUNCTION IF EXISTS statements_searchable(text, text, text, text, text)",
)
# The name of the language or its code, as people write it in a sheet, to a configuration of PostgreSQL.
LANGUAGES = {
    "arabic": ("arabic", "ar", "العربية"),
    "danish": ("danish", "da", "dansk"),
    "dutch": ("dutch", "nl", "nederlands"),
    "finnish": ("finnish", "fi", "suomi"),
    "french": ("french", "fr", "français", "francais"),
    "german": ("german", "de", "deutsch"),
    "greek": ("greek", "el", "ελληνικά"),
    "hungarian": ("hungarian", "hu", "magyar"),
    "italian": ("italian", "it", "italiano"),
    "norwegian": ("norwegian", "no", "nb", "nn", "norsk"),
    "portuguese": ("portuguese", "pt", "português", "portugues"),
    "romanian": ("romanian", "ro", "română"),
    "russian": ("russian", "ru", "русский"),
    "spanish": ("spanish", "es", "español", "espanol", "castellano"),
    "swedish": ("swedish", "sv", "svenska"),
    "turkish": ("turkish", "tr", "türkçe"),
}
LONGEST = 150_000  # characters of a statement; its words, and their stems, must fit into a tsvector, which holds 1 MB
COLLATIONS = ("pg_c_utf8", "und-x-icu", "C.utf8", "default")  # the first that is there knows all letters
# Whose stems a word is looked for by, if it has a letter of the script.
STEMS_OF_SCRIPTS = (
    ("[\u0370-\u03ff]", ("greek",)),
    ("[\u0400-\u052f]", ("russian",)),
    ("[\u0600-\u06ff]", ("arabic",)),
    ("", ("english", "french", "spanish", "portuguese", "german")),
)


def _on_postgresql(schema_editor) -> list[str]:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT collname FROM pg_catalog.pg_collation WHERE collencoding IN (-1, 6)")  # 6: UTF-8
        there = {name for (name,) in cursor.fetchall()}
    collation = next(name for name in COLLATIONS if name in there)
    return [
        _function(collation),
        f"ALTER TABLE {TABLE} ADD COLUMN searchable tsvector GENERATED ALWAYS AS "
        f"(statements_searchable(language, {', '.join(COLUMNS)})) STORED",
        f"CREATE INDEX statements_searchable ON {TABLE} USING gin (searchable)",
    ]


def _function(collation: str) -> str:
    """SQL that folds as `oslo.search.fold` does, whatever the locale of the database, and leaves only words.

    The words as they are have weight A, by which a phrase tells them from the stems, which follow them.
    """
    marks, others = _classes()
    columns = " || E'\\x01' || ".join(f"${number}" for number, _column in enumerate(COLUMNS, start=2))
    stemmed = " ".join(
        f"WHEN pg_catalog.lower($1) IN ({_quoted(names)}) "
        f"THEN pg_catalog.to_tsvector('pg_catalog.{configuration}', text)"
        for configuration, names in LANGUAGES.items()
    )
    return f"""
        CREATE FUNCTION statements_searchable(text, text, text, text, text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
        WITH given AS MATERIALIZED (SELECT pg_catalog.left({columns}, {LONGEST}) AS text),
        bare AS MATERIALIZED (
            SELECT CASE
                WHEN pg_catalog.octet_length(text) = pg_catalog.length(text) THEN text
                ELSE pg_catalog.regexp_replace(normalize(text, NFKD), '[{marks}]+', '', 'g')
            END AS text FROM given
        ),
        folded AS MATERIALIZED (
            SELECT pg_catalog.replace(pg_catalog.replace(
                pg_catalog.lower(text COLLATE pg_catalog."{collation}"), 'ß', 'ss'), 'ς', 'σ') AS text FROM bare
        ),
        words AS MATERIALIZED (
            SELECT pg_catalog.replace(
                pg_catalog.regexp_replace(text COLLATE pg_catalog."C", '[{others}]+', ' ', 'g'),
                E'\\x01', '{END_OF_TEXT}') COLLATE pg_catalog."default" AS text FROM folded
        )
        SELECT pg_catalog.setweight(pg_catalog.to_tsvector('pg_catalog.simple', text), 'A')
            || CASE {stemmed} ELSE pg_catalog.to_tsvector('pg_catalog.english', text) END
        FROM words
        $body$"""


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _classes() -> tuple[str, str]:
    """The accents that are characters of their own, and what parts words, as ranges of a regular expression."""
    characters = [chr(code) for code in range(2, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    return _ranges(characters, _is_mark), _ranges(characters, lambda c: not c.isalnum() and not _is_mark(c))


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0


def _ranges(characters: list[str], wanted) -> str:
    """Ranges of the characters that are `wanted`; what Unicode has not assigned yet goes either way."""
    assigned = (character for character in characters if unicodedata.category(character) != "Cn")
    found = []
    for is_wanted, same in groupby(assigned, key=wanted):
        if is_wanted:
            run = list(same)
            found.append(f"\\U{ord(run[0]):08x}-\\U{ord(run[-1]):08x}")
    return "".join(found)


def _tsquery(words: Words) -> tuple[str, list[str]]:
    """SQL for what to look for, with its parameters: letters, digits and our own operators only."""
    parts, params = [], []
    for term in words.terms:
        parts.append("to_tsquery('simple', %s)")
        if term.whole or len(term.words) > 1:
            params.append(" <-> ".join(f"{word}:A" for word in term.words) + ("" if term.whole else "*"))
            continue
        (word,) = term.words
        stems = _stems_of(word)
        parts[-1] = " || ".join([parts[-1], *(f"plainto_tsquery('{language}', %s)" for language in stems)])
        params += [f"{word}:*", *[word] * len(stems)]
    return " && ".join(f"({part})" for part in parts), params


def _stems_of(word: str) -> tuple[str, ...]:
    return next(languages for script, languages in STEMS_OF_SCRIPTS if re.search(script, word))
