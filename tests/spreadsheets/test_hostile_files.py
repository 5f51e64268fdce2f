"""Files that are broken, or made to break us: each is refused with one sentence, and takes little memory."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from odf.table import TableCell
from openpyxl import Workbook

from oslo.spreadsheets.reading import UnreadableFile, read

from .sheets import xlsx_of
from .test_reading import SHEET, ods_of, ods_text, replaced, rows_of, saved, with_shared_texts, xlsx_of_xml, xlsx_with

DAMAGED = "The workbook is cut off or damaged: get it again, or open it in a spreadsheet program and save it again."
NO_SPREADSHEET = "This is not a csv, xlsx or ods file."
SAVE_AS = "This is not a csv, xlsx or ods file. Open it in a spreadsheet program and save it as xlsx."
NO_WORKBOOK = "This is not a workbook, whatever its name says."
WEB_PAGE = "This is a web page, not a spreadsheet."
PASSWORD = "The workbook is protected by a password: save it without one."
UNKNOWN = "The characters of the file cannot be read: save it as UTF-8."
NUL = "The file has NUL bytes in it: it is damaged, or not what its name says."
DOCTYPE = (
    "The workbook defines words of its own in its XML (a DOCTYPE), which no spreadsheet does: "
    "open it in a spreadsheet program and save it again."
)
EXTERNAL = "The workbook takes values from another workbook: copy its cells into a new workbook, as values only."
UNUSUAL = "The workbook is written in an unusual way: open it in a spreadsheet program and save it again."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def refusal(file: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as error:
        read(file, content)
    return str(error.value)


def no_result(place: str) -> str:
    return (
        f"Cell {place} has a formula whose result is not in the file: "
        "open the file in a spreadsheet program, save it there, and choose it again."
    )


def zip_of(**parts: str | bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return content.getvalue()


def with_parts(content: bytes, **parts: str | bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


XLSX, ODS = xlsx_of(one=[["a"], ["1"]]), ods_of([ods_text("a")])


# The kind of file


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("a.pdf", b"%PDF-1.7", NO_SPREADSHEET),
        ("a", b"name\n", NO_SPREADSHEET),
        ("a.csv.exe", b"name\n", NO_SPREADSHEET),
        (".csv", b"name\n", NO_SPREADSHEET),
        ("a.xls", OLE, SAVE_AS),
        ("a.xlsm", XLSX, SAVE_AS),
        ("a.xlsb", XLSX, SAVE_AS),
        ("a.csv", b"%PDF-1.7", "This is a PDF document, not a spreadsheet."),
        ("a.xlsx", b"%PDF-1.7", "This is a PDF document, not a spreadsheet."),
        ("a.csv", XLSX, "This is a workbook, not a csv file: give its name the ending xlsx or ods."),
        ("a.xlsx", ODS, "This is an ods workbook: give its name the ending ods."),
        ("a.ods", XLSX, "This is an xlsx workbook: give its name the ending xlsx."),
        (
            "a.xlsx",
            OLE,
            "This is a workbook of an old format (xls), whatever its name says: open it and save it as xlsx.",
        ),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        ("a.xlsx", b"name,city\n", NO_WORKBOOK),
        ("a.ods", b"name,city\n", NO_WORKBOOK),
        ("a.xlsx", zip_of(**{"readme.txt": "no workbook"}), NO_WORKBOOK),
        ("a.ods", zip_of(**{"readme.txt": "no workbook"}), NO_WORKBOOK),
        ("a.xlsx", zip_of(**{"word/document.xml": "<a/>", "[Content_Types].xml": "<a/>"}), NO_WORKBOOK),
        ("a.ods", zip_of(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<a/>"}), NO_WORKBOOK),
        (
            "a.xlsx",
            with_parts(XLSX, **{"xl/workbook.bin": b""}),
            "This is a workbook of a binary format (xlsb), whatever its name says: open it and save it as xlsx.",
        ),
    ],
)
def test_a_file_of_another_kind_is_told(file, content, sentence):
    assert refusal(file, content) == sentence


@pytest.mark.parametrize("file", ["a.xls", "a.xlsx", "a.ods", "a.csv", "a.html"])
@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><p>x",
        "\ufeff\r\n <HTML><table>",
        "<table><tr><td>x</td></tr></table>",
        '<?xml version="1.0"?>\n<!-- made by a program -->\n<html xmlns="http://www.w3.org/1999/xhtml">',
    ],
)
def test_a_web_page_is_told_whatever_its_name(file, page):
    assert refusal(file, page.encode()) == WEB_PAGE


@pytest.mark.parametrize(
    ("file", "content"),
    [
        *((f"a.{suffix}", b"") for suffix in ("csv", "xlsx", "ods")),
        *(("a.csv", blank) for blank in (b" \n , \n", b"\xef\xbb\xbf", b"\xff\xfe", b'"","  "\n\n', b"\n" * 100_000)),
        ("a.xlsx", xlsx_of(one=[])),
        ("a.xlsx", xlsx_of(one=[[" ", "\n"]], two=[])),
        ("a.xlsx", xlsx_of(About=[["count", 1]])),
        ("a.ods", ods_of()),
        ("a.ods", ods_of([TableCell(), ods_text(" ")])),
    ],
)
def test_a_file_with_nothing_in_it_is_empty(file, content):
    assert refusal(file, content) == "The file is empty."


# Limits


@pytest.mark.parametrize("file", ["a.csv", "a.xlsx", "a.ods"])
def test_a_file_may_not_be_larger_than_the_setting_says(settings, file):
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    assert refusal(file, b"x" * (1024 * 1024 + 1)) == "The file is larger than 1 MB."


@pytest.mark.parametrize(("file", "content"), [("a.csv", b"a\n1\n"), ("a.xlsx", XLSX)])
def test_the_last_row_is_a_setting(settings, file, content):
    settings.IMPORT_MAX_ROWS = 2
    assert rows_of(file, content) == [(1, ["a"]), (2, ["1"])]
    settings.IMPORT_MAX_ROWS = 1
    assert refusal(file, content) == "The file has a cell in row 2; more than 1 rows are not read."


@pytest.mark.parametrize(("file", "content"), [("a.csv", b"a,b, \n"), ("a.xlsx", xlsx_of(one=[["a", "b", " "]]))])
def test_the_last_column_is_a_setting(settings, file, content):
    settings.IMPORT_MAX_COLUMNS = 2
    assert rows_of(file, content) == [(1, ["a", "b"])]
    settings.IMPORT_MAX_COLUMNS = 1
    assert refusal(file, content) == "The file has a cell in column 2; more than 1 are not read."


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (1_048_576, 16_384, "The file has a cell in row 1,048,576; more than 200,000 rows are not read."),
        (2, 16_384, "The file has a cell in column 16,384; more than 200 are not read."),
    ],
)
def test_a_stray_cell_far_away_is_told(row, column, sentence):
    workbook = Workbook()
    workbook.active["A1"] = "slug"
    workbook.active.cell(row, column, "stray")
    assert refusal("a.xlsx", saved(workbook)) == sentence


def test_formats_without_text_far_away_do_not_count():
    workbook = Workbook()
    workbook.active["A1"] = "slug"
    workbook.active.cell(1_048_576, 16_384).number_format = "0.00"
    assert rows_of("a.xlsx", saved(workbook)) == [(1, ["slug"])]


def test_two_million_rows_are_too_many():
    told = "The file has a cell in row 200,001; more than 200,000 rows are not read."
    assert refusal("a.csv", b"name\n" * 2_000_000) == told
    rows = "".join('<row><c t="b"><v>1</v></c></row>' for _ in range(200_001))
    assert refusal("a.xlsx", xlsx_of_xml(rows)) == told


def test_twenty_thousand_columns_are_too_many():
    told = "The file has a cell in column 20,000; more than 200 are not read."
    assert refusal("a.csv", b",".join([b"a"] * 20_000)) == told
    assert refusal("a.xlsx", xlsx_of_xml(f"<row>{'<c/>' * 19_999}<c><v>1</v></c></row>")) == told
    assert refusal("a.ods", ods_of([TableCell(numbercolumnsrepeated=19_999), ods_text("a")])) == told


@pytest.mark.parametrize(
    ("attribute", "sentence"),
    [
        ("<table:table-row", "The file has a cell in row 1,000,000; more than 200,000 rows are not read."),
        ("<table:table-cell", "The file has a cell in column 1,000,000; more than 200 are not read."),
    ],
)
def test_what_is_repeated_a_million_times_in_an_ods_workbook_is_told(attribute, sentence):
    kind = "rows" if attribute.endswith("row") else "columns"
    repeated = f'{attribute} table:number-{kind}-repeated="1000000"'
    assert refusal("a.ods", replaced(ODS, "content.xml", (attribute, repeated))) == sentence


@pytest.mark.parametrize("length", [100_001, 10_000_000])
def test_a_cell_with_too_long_a_text_is_named(length):
    text = "x" * length
    told = "has more than 100,000 characters in it: shorten its text."
    assert refusal("a.csv", f"a,b\n\n1,{text}\n".encode()) == f"Cell B3 {told}"
    inline = f'<c r="B3" t="inlineStr"><is><t>{text}</t></is></c>'
    assert refusal("a.xlsx", xlsx_of_xml(f'<row r="3">{inline}</row>')) == f"Cell B3 of the sheet “Sheet” {told}"
    assert refusal("a.ods", ods_of([], [TableCell(), ods_text(text)])) == f"Cell B2 of the sheet “one” {told}"


def test_the_longest_text_is_a_setting(settings):
    settings.IMPORT_MAX_CELL = 4
    assert rows_of("a.csv", b"Lima,Oslo\n") == [(1, ["Lima", "Oslo"])]
    assert refusal("a.csv", b"Lima,Vienna\n") == "Cell B1 has more than 4 characters in it: shorten its text."


# csv


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"name\nLi\0ma\n", NUL),
        ("name\nLi\0ma\n".encode("utf-16"), NUL),
        (b"\0" * 1000, NUL),
        (b"name\n\x81\n", UNKNOWN),
        (b"name\n\xff\xfe\xfd\xfc\n", UNKNOWN),
        ("имя\nОсло\n".encode("cp1251"), UNKNOWN),
        ("name,city\nΑθήνα,Ελλάδα\n".encode("iso-8859-7"), UNKNOWN),
        ("name\nCôte d’Ivoire\nSão Tomé\n".encode() + b"\xe9", UNKNOWN),
        (b"\xff\xfea\0b", UNKNOWN),
        (b"\xef\xbb\xbfname\n\xe9\n", UNKNOWN),
    ],
)
def test_characters_that_cannot_be_told_are_not_guessed(content, sentence):
    assert refusal("a.csv", content) == sentence


def test_a_quotation_mark_in_the_wrong_place_is_told_with_its_line():
    told = (
        "The file is not a well-formed csv file: in line 4 a quoted cell goes on after its closing quotation mark. "
        "A quotation mark within a quoted cell is written twice."
    )
    assert refusal("a.csv", b'name\n"two\nlines"\n"Li"ma\n') == told


def test_a_quotation_mark_that_is_never_closed_is_told_with_the_line_where_its_row_begins():
    told = (
        "The file is not a well-formed csv file: in the row that begins in line 4 a quotation mark is opened and never "
    )
    assert refusal("a.csv", b'name\n"two\nlines"\n1,"Lima\nOslo\n') == f"{told}closed."


# Zip and XML


@pytest.mark.parametrize("file", ["a.xlsx", "a.ods"])
def test_a_workbook_that_is_cut_off_is_damaged(file):
    content = XLSX if file == "a.xlsx" else ODS
    assert {refusal(file, content[:length]) for length in range(4, len(content) - 1, 97)} == {DAMAGED}


def test_a_workbook_whose_bytes_were_changed_is_damaged():
    content = bytearray(xlsx_of(one=[["a" * number] for number in range(200)]))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        content[file.getinfo(SHEET).header_offset + 100] ^= 255
    assert refusal("a.xlsx", bytes(content)) == DAMAGED


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="1"><c r="A1"><v>1</c></row><row r="2"><c r="A2"></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&xxe;</t></is></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&#99999999;</v></c></row>',
    ],
)
def test_cells_that_make_no_sense_are_damaged(rows):
    assert refusal("a.xlsx", xlsx_of_xml(rows)) == DAMAGED


def test_sheets_that_are_not_there_are_damaged():
    assert refusal("a.xlsx", replaced(XLSX, "xl/_rels/workbook.xml.rels", ("sheet1", "sheet9"))) == DAMAGED
    assert refusal("a.xlsx", replaced(XLSX, SHEET, ("</worksheet>", ""))) == DAMAGED
    assert refusal("a.xlsx", replaced(XLSX, "xl/workbook.xml", ("</workbook>", ""))) == DAMAGED
    assert refusal("a.ods", replaced(ODS, "content.xml", ("</table:table>", ""))) == DAMAGED


@pytest.mark.parametrize("old", ["<c ", "<?xml"])
def test_a_sheet_written_as_no_spreadsheet_program_does_is_told(old):
    changes = {
        "<c ": ("<c ", "<!-- --><c "),
        "<?xml": ("<worksheet ", "<?xml version='1.0' encoding='latin1'?><worksheet "),
    }
    assert refusal("a.xlsx", replaced(XLSX, SHEET, changes[old])) == UNUSUAL


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


@pytest.mark.parametrize("definition", [LAUGHS, '<!DOCTYPE a SYSTEM "file:///etc/passwd">'])
def test_definitions_are_refused_in_every_part_of_a_workbook(definition):
    def with_definition(content: bytes, part: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            text = file.read(part).decode()
        return replaced(
            content, part, (text, definition + text.partition("?>")[2] if "?>" in text else definition + text)
        )

    for file, content in (("a.xlsx", XLSX), ("a.ods", ODS)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        assert len(parts) > 3
        assert {part: refusal(file, with_definition(content, part)) for part in parts} == dict.fromkeys(parts, DOCTYPE)


UNPACKED = "The file unpacks to more than 2 MB: delete what is not needed from it, or split it into several files."


@pytest.mark.parametrize(
    ("padding", "sentence"),
    [
        (" ", DAMAGED),  # nowhere a cell
        ("<c/>", UNPACKED),
        ("<row/>", UNPACKED),
        ("<c><v></v></c>", UNPACKED),
        ("<c><v>1</v></c>", "The file has a cell in column 18,279; more than 200 are not read."),
    ],
)
def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_stopped(settings, padding, sentence):
    settings.IMPORT_MAX_BYTES = 100 * 1024
    content = xlsx_of_xml(padding * (4 * 1024 * 1024 // len(padding)))
    assert len(content) < settings.IMPORT_MAX_BYTES
    assert refusal("a.xlsx", content) == sentence


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_a_part_with_very_many_elements_or_very_deep_ones_is_stopped(settings, part):
    settings.IMPORT_MAX_BYTES = 100 * 1024
    root = {"xl/workbook.xml": "workbook", "xl/styles.xml": "styleSheet"}.get(part, "Relationships")
    assert refusal("a.xlsx", replaced(XLSX, part, (f"</{root}>", "<a/>" * 10_000 + f"</{root}>"))) == UNPACKED
    deep = "<a>" * 300 + "</a>" * 300
    assert refusal("a.xlsx", replaced(XLSX, part, (f"</{root}>", f"{deep}</{root}>"))) == DAMAGED


def test_a_tag_without_end_is_damaged(settings):
    settings.IMPORT_MAX_CELL = 10
    endless = '<a b="' + "x" * 500_000 + '"/>'
    for file, content, part, root in (
        ("a.xlsx", XLSX, "xl/workbook.xml", "</workbook>"),
        ("a.xlsx", XLSX, SHEET, "<sheetData>"),
        ("a.ods", ODS, "content.xml", "</office:spreadsheet>"),
    ):
        assert refusal(file, replaced(content, part, (root, endless + root))) == DAMAGED


def test_an_ods_workbook_of_very_deep_elements_is_damaged():
    deep = "<text:span>" * 300 + "</text:span>" * 300
    assert refusal("a.ods", replaced(ODS, "content.xml", ("</text:p>", f"{deep}</text:p>"))) == DAMAGED


def declared_to_be_small(content: bytes) -> bytes:
    """The zip file, with sizes in its directory that are not true."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def test_sizes_that_are_declared_do_not_help_a_bomb(settings):
    settings.IMPORT_MAX_BYTES = 100 * 1024
    assert refusal("a.xlsx", declared_to_be_small(xlsx_of_xml(" " * 4_000_000))) == DAMAGED


def test_a_text_repeated_beyond_measure_is_stopped(settings):
    settings.IMPORT_MAX_BYTES = 100 * 1024
    row = '<table:table-row table:number-rows-repeated="1000">'
    content = replaced(ods_of([ods_text("x" * 50_000)]), "content.xml", ("<table:table-row>", row))
    assert refusal("a.ods", content) == UNPACKED


def test_a_zip_file_of_very_many_parts_is_damaged():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for number in range(10_001):
            file.writestr(str(number), b"")
    assert refusal("a.xlsx", content.getvalue()) == DAMAGED


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_packed_in_another_way_is_damaged(method):
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as source, zipfile.ZipFile(content, "w", method) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert refusal("a.xlsx", content.getvalue()) == DAMAGED


# Passwords, other workbooks, formulas, names


def test_an_ods_workbook_with_a_password_is_told():
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    content = replaced(ODS, "META-INF/manifest.xml", ("</manifest:manifest>", f"{entry}</manifest:manifest>"))
    assert refusal("a.ods", content) == PASSWORD


def test_a_workbook_whose_parts_have_a_password_is_told():
    content = bytearray(XLSX)
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    assert refusal("a.xlsx", bytes(content)) == PASSWORD


def test_values_of_another_workbook_are_refused():
    assert refusal("a.xlsx", with_parts(XLSX, **{"xl/externalLinks/externalLink1.xml": "<externalLink/>"})) == EXTERNAL
    table = '<table:table table:name="x"><table:table-source xlink:href="b.ods" xmlns:xlink="http://www.w3.org/1999/xlink"/>'
    content = replaced(ODS, "content.xml", ("</office:spreadsheet>", f"{table}</table:table></office:spreadsheet>"))
    assert refusal("a.ods", content) == EXTERNAL


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B4"><f>1+1</f></c>',
        '<c r="B4"><f>1+1</f><v></v></c>',
        '<c r="B4"><f>1+1</f><v/></c>',
        '<c r="B4"><f t="shared" si="0"/></c>',
        '<c s="0" r="B4"><f t="shared" si="0"/><v/></c>',
        '<c r="B4" t="str"><f>A1</f></c>',
        '<c r="B4" t="e"><f>A1</f><v></v></c>',
    ],
)
def test_a_formula_without_its_result_is_refused_and_not_read_as_an_empty_cell(cell):
    assert refusal("a.xlsx", xlsx_of_xml(f'<row r="4">{cell}</row>')) == no_result("B4 of the sheet “Sheet”")


def test_a_formula_that_a_program_wrote_without_computing_it_is_refused():
    workbook = Workbook()
    workbook.create_sheet("sums")["AA3"] = "=1+1"
    assert refusal("a.xlsx", saved(workbook)) == no_result("AA3 of the sheet “sums”")


@pytest.mark.parametrize("kind", ["", 'office:value-type="float" '])
def test_a_formula_of_an_ods_workbook_without_its_result_is_refused(kind):
    cell = f'<table:table-cell {kind}table:formula="of:=1+1" '
    content = replaced(ods_of([], [TableCell(), TableCell(stylename="x")]), "content.xml", ("<table:table-cell ", cell))
    assert refusal("a.ods", content) == no_result("B2 of the sheet “one”")


def test_two_sheets_may_not_have_one_name():
    content = replaced(xlsx_of(one=[["a"]], two=[["a"]]), "xl/workbook.xml", ('name="two"', 'name="ONE"'))
    assert refusal("a.xlsx", content) == "Two sheets have the name “one”: give each a name of its own."


def test_nul_characters_of_a_workbook_are_refused():
    assert refusal("a.xlsx", xlsx_with("Li_x0000_ma")) == NUL


# Anything at all


def read_or_refuse(file: str, content: bytes) -> None:
    try:
        tables = read(file, content)
    except UnreadableFile:
        return
    for table in tables:
        rows = list(table.rows())
        assert table.length == rows[-1][0]
        assert table.width == max(len(cells) for _number, cells in rows)


@given(st.sampled_from(["a.csv", "a.xlsx", "a.ods"]), st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04"]))
@hypothesis_settings(deadline=None, max_examples=100)
@example("a.csv", b"\r\r\n,\r", b"")
def test_any_bytes_are_read_or_refused(file, content, beginning):
    read_or_refuse(file, beginning + content)


def parts_of(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            yield name, file.read(name)


@given(st.sampled_from([("a.xlsx", xlsx_of(one=[["a", 1], ["=b", True]])), ("a.ods", ODS)]), st.data())
@hypothesis_settings(deadline=None, max_examples=150)
def test_a_workbook_with_any_change_in_its_xml_is_read_or_refused(workbook, data):
    file, content = workbook
    parts = dict(parts_of(content))
    name = data.draw(st.sampled_from(sorted(parts)))
    start = data.draw(st.integers(0, len(parts[name])))
    end = data.draw(st.integers(start, min(start + 40, len(parts[name]))))
    piece = data.draw(
        st.sampled_from([b"", b"<", b">", b'"', b"</c>", b"<c>", b"&", b"\0", b"-1", b"99999999999999999999"])
    )
    parts[name] = parts[name][:start] + piece + parts[name][end:]
    read_or_refuse(file, zip_of(**parts))


# Memory

MEASURE = """
import resource, sys
from django.conf import settings
settings.IMPORT_MAX_BYTES
from oslo.spreadsheets.reading import UnreadableFile, read
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before, content = peak(), open(sys.argv[2], "rb").read()
try:
    print(sum(len(cells) for table in read(sys.argv[1], content) for _number, cells in table.rows()), peak() - before)
except UnreadableFile:
    print(0, peak() - before)
"""


def cells_and_megabytes(folder, file: str, content: bytes, limit: str = "20") -> tuple[int, int]:
    (folder / file).write_bytes(content)
    run = subprocess.run(  # noqa: S603 (the script above)
        [sys.executable, "-c", MEASURE, file, str(folder / file)],
        capture_output=True,
        check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "oslo.settings", "IMPORT_MAX_MB": limit},
    )
    cells, megabytes = run.stdout.split()
    return int(cells), int(megabytes)


def test_a_hundred_thousand_rows_take_little_memory(tmp_path):
    csv = "".join(f"conference-{n % 50},S{n % 190},participant,Name {n},a note,{n}\n" for n in range(100_000))
    cells, megabytes = cells_and_megabytes(tmp_path, "a.csv", csv.encode())
    assert cells == 600_000
    assert megabytes < 35
    text = '<c t="inlineStr"><is><t>a note, {}</t></is></c>'
    rows = "".join(f"<row>{5 * text.format(n)}<c><v>{n}</v></c></row>" for n in range(100_000))
    cells, megabytes = cells_and_megabytes(tmp_path, "a.xlsx", xlsx_of_xml(rows))
    assert cells == 600_000
    assert megabytes < 35


@pytest.mark.parametrize("padding", [" ", "<si/>", "<si><t>ab</t></si>", "<si><t>", "a"])
def test_a_bomb_takes_little_memory(tmp_path, padding):
    content = with_shared_texts(xlsx_of_xml(""), "<sst>" + padding * (100 * 1024 * 1024 // len(padding)))
    assert len(content) < 1024 * 1024
    cells, megabytes = cells_and_megabytes(tmp_path, "a.xlsx", content, limit="3")
    assert cells == 0
    assert megabytes < 35
