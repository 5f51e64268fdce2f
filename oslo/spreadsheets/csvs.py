"""A csv file, read as a stream, whatever its encoding and delimiter."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from django.conf import settings

from .cells import clean
from .tables import Budget, Filling, Table, UnreadableFile

BEGINNING = 1 << 16
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark is the beginning of this one
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
QUOTED = re.compile(r'(^|[,;\t\r\n])"(?:[^"]|"")*"?')
UTF_8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH = re.compile(rb"[\x80-\xff]")
# In the languages of Windows-1252 no four letters with accents follow each other; in Greek or Russian nearly all do.
FOREIGN = re.compile(rb"[\xc0-\xff]{4}")

UNKNOWN = "The characters of the file cannot be read: save it as UTF-8."


def table(file: str, content: bytes, budget: Budget) -> Table:
    """The table of the file, with or without anything in it; raises UnreadableFile."""
    encoding = _encoding(content)
    filling = Filling(file, "", budget)
    csv.field_size_limit(max(csv.field_size_limit(), settings.IMPORT_MAX_BYTES))  # we tell it ourselves, with the cell
    try:
        delimiter = _delimiter(content, encoding)
        with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as text:
            for number, cells in _records(csv.reader(text, delimiter=delimiter, strict=True)):
                filling.add(number, [clean(cell) for cell in cells])
    except UnicodeDecodeError as error:
        raise UnreadableFile(UNKNOWN) from error
    return filling.finish()


def _records(reader) -> Iterator[tuple[int, list[str]]]:
    """Numbered as a spreadsheet program numbers them: a record over several lines is one row."""
    line = number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
            line = reader.line_num
    except csv.Error as error:
        what = "The file is not a well-formed csv file: "
        if str(error) == "unexpected end of data":
            what += f"in the row that begins in line {line + 1:,} a quotation mark is opened and never closed."
        else:
            what += (
                f"in line {reader.line_num:,} a quoted cell goes on after its closing quotation mark. "
                "A quotation mark within a quoted cell is written twice."
            )
        raise UnreadableFile(what) from error


def _delimiter(content: bytes, encoding: str) -> str:
    """The one of which the first line with anything in it has most, outside quotation marks."""
    with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as text:
        beginning = QUOTED.sub(r"\1x", text.read(BEGINNING).lstrip("\r\n "))
    first = next(filter(str.strip, beginning.splitlines()), "")
    return max(",;\t", key=first.count)


def _encoding(content: bytes) -> str:
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return encoding
    if encoding := _by_zeros(content[:BEGINNING]):
        return encoding
    if b"\0" in content:
        raise UnreadableFile("The file has NUL bytes in it: it is damaged, or not what its name says.")
    try:
        decoder = codecs.getincrementaldecoder("utf-8")()
        for start in range(0, len(content), BEGINNING):
            decoder.decode(content[start : start + BEGINNING])
        decoder.decode(b"", True)
        return "utf-8"
    except UnicodeDecodeError:
        return _western(content)


def _by_zeros(beginning: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western letters is zero."""
    half = len(beginning) // 2
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    if odd * 3 > half and even * 20 <= half:
        return "utf-16-le"
    if even * 3 > half and odd * 20 <= half:
        return "utf-16-be"
    return ""


def _western(content: bytes) -> str:
    """Windows-1252, which is what a Western Excel writes, unless it is more likely to be something else."""
    letters = sum(len(letter) for letter in UTF_8_LETTER.findall(content))
    if FOREIGN.search(content) or letters * 2 > len(HIGH.findall(content)):
        raise UnreadableFile(UNKNOWN)
    return "cp1252"
