import datetime
import io
import zipfile

import pytest
import tablib
from openpyxl import Workbook

from oslo.spreadsheets.cells import harmless, restore
from oslo.spreadsheets.reading import UnreadableFile, read

from .sheets import csv_of, xlsx_of


def rows_of(file: str, content: bytes) -> list:
    (sheet,) = read(file, content)
    return [sheet.headers, *sheet.rows]


def test_rows_keep_the_numbers_that_a_spreadsheet_program_shows():
    content = b"\n\nname,city\n\nLima,Peru\n\n\nOslo,Norway\n"
    assert rows_of("a.csv", content) == [["name", "city"], (5, ["Lima", "Peru"]), (8, ["Oslo", "Norway"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_first_line(delimiter):
    content = csv_of("name|city", "Lima|Peru", delimiter=delimiter)
    assert rows_of("a.csv", content) == [["name", "city"], (2, ["Lima", "Peru"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_told_by_the_bytes(encoding):
    assert rows_of("a.csv", "name\nCôte d’Ivoire\n".encode(encoding)) == [["name"], (2, ["Côte d’Ivoire"])]


def test_a_cell_may_hold_several_lines():
    assert rows_of("a.csv", b'name\n"two\nlines"\nafter\n') == [["name"], (2, ["two\nlines"]), (3, ["after"])]


def test_cells_of_a_workbook_become_the_text_that_a_csv_file_would_have():
    sheet = [["a", "b", "c", "d", "e"], [datetime.date(2007, 5, 23), 49, True, " Lima ", None]]
    assert rows_of("a.xlsx", xlsx_of(one=sheet)) == [
        ["a", "b", "c", "d", "e"],
        (2, ["2007-05-23", "49", "yes", "Lima", ""]),
    ]


def test_all_sheets_with_anything_in_them_are_read():
    content = xlsx_of(one=[["a"], ["1"]], empty=[], two=[["b"], ["2"]])
    assert [(sheet.name, sheet.headers) for sheet in read("a.xlsx", content)] == [("one", ["a"]), ("two", ["b"])]


def truncated() -> bytes:
    return xlsx_of(one=[["a"], ["1"]])[:300]


def zip_of_something_else() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("readme.txt", "no workbook")
    return content.getvalue()


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("a.pdf", b"%PDF", "This is not a csv, xlsx or ods file."),
        ("a", b"name\n", "This is not a csv, xlsx or ods file."),
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b" \n , \n", "The file is empty."),
        ("a.xlsx", xlsx_of(one=[]), "The file is empty."),
        ("a.csv", b"name\nLi\0ma\n", "The file has NUL bytes in it: it is damaged, or not what its name says."),
        ("a.csv", b"name\n\x81\n", "The characters of the file cannot be read: save it as UTF-8."),
        *(
            (
                file,
                content,
                "The workbook cannot be opened: it is damaged, protected by a password, or not what its name says.",
            )
            for file in ("a.xlsx", "a.ods")
            for content in (b"", b"<html></html>", truncated(), zip_of_something_else())
        ),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(file, content, message):
    with pytest.raises(UnreadableFile) as error:
        read(file, content)
    assert str(error.value) == message


def test_a_badly_quoted_csv_file_gets_a_sentence():
    with pytest.raises(UnreadableFile, match=r"^The file is not a well-formed csv file: "):
        read("a.csv", b'name\n"Li"ma\n')


def test_the_limits_are_settings(settings):
    settings.IMPORT_MAX_ROWS = 2
    assert len(read("a.csv", b"name\nLima\n")[0].rows) == 1
    with pytest.raises(UnreadableFile, match=r"^The file has a cell in row 3; more than 2 rows are not read\.$"):
        read("a.csv", b"name\nLima\nOslo\n")
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    with pytest.raises(UnreadableFile, match=r"^The file is larger than 1 MB\.$"):
        read("a.csv", b"x" * (1024 * 1024 + 1))


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@SUM(A1)", "\tx", "\rx", "'=1", "''=1"])
def test_a_cell_that_would_run_as_a_formula_is_made_harmless_and_restored(text):
    assert harmless(text) == f"'{text}"
    assert restore(harmless(text)) == text


@pytest.mark.parametrize("value", ["Lima", "'quoted'", "", "a=b", 5, None, True])
def test_every_other_cell_stays_as_it_is(value):
    assert harmless(value) == value


def test_the_sheet_about_our_own_workbooks_is_passed_over():
    content = xlsx_of(states=[["a"], ["1"]], About=[["count", 1]])
    assert [sheet.name for sheet in read("a.xlsx", content)] == ["states"]


def with_a_stray_cell(row: int, column: int) -> bytes:
    workbook = Workbook()
    workbook.active["A1"] = "slug"
    workbook.active.cell(row, column, "stray")
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (1_048_576, 16_384, "The file has a cell in row 1,048,576; more than 200,000 rows are not read."),
        (2, 16_384, "The file has a cell in column 16,384; more than 200 are not read."),
    ],
)
def test_a_stray_cell_far_away_is_told_and_takes_no_memory(row, column, message):
    with pytest.raises(UnreadableFile) as error:
        read("a.xlsx", with_a_stray_cell(row, column))
    assert str(error.value) == message


def ods_with_repeated(cell: str) -> bytes:
    """An ods file whose second row stands a million times, and has `cell` in it."""
    dataset = tablib.Dataset(["x"], headers=["slug"])
    content, copy = io.BytesIO(dataset.export("ods")), io.BytesIO()
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row></table:table>'
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(copy, "w") as target:
        for member in source.namelist():
            data = source.read(member)
            if member == "content.xml":
                data = data.replace(b"</table:table>", row.encode())
            target.writestr(member, data)
    return copy.getvalue()


def test_empty_rows_to_the_edge_of_an_ods_sheet_do_not_count():
    assert rows_of("a.ods", ods_with_repeated("<table:table-cell/>")) == [["slug"], (2, ["x"])]


def test_a_row_repeated_a_million_times_is_told():
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    with pytest.raises(UnreadableFile, match=r"^The file has a cell in row 1,000,002;"):
        read("a.ods", ods_with_repeated(cell))


def test_a_workbook_that_unpacks_to_far_more_than_it_is_told_to_be_no_workbook(settings):
    settings.IMPORT_MAX_BYTES = 10_000
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * 1_000_000)
    with pytest.raises(UnreadableFile, match=r"^The workbook cannot be opened"):
        read("a.xlsx", content.getvalue())


def test_the_delimiter_is_told_by_the_first_line_with_anything_in_it():
    assert rows_of("a.csv", b"\nname;city\nLima;Peru\n") == [["name", "city"], (3, ["Lima", "Peru"])]
