import csv
import datetime
import io
import zipfile

import pytest
import tablib
from hypothesis import assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import LineBreak, P, S, Tab
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from oslo.spreadsheets.cells import clean, harmless, restore
from oslo.spreadsheets.formats import Csv, Ods, Xlsx
from oslo.spreadsheets.reading import read

from .sheets import csv_of, xlsx_of

CONTROLS = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), *range(127, 160)]))
TEXT = st.text(st.characters(codec="utf-8", exclude_characters=CONTROLS + "\ufffe\uffff")) | st.text("=+-@'\t\r\n ax_")
BARE = TEXT.map(str.strip)
SHEETS = st.lists(st.lists(BARE, max_size=5), max_size=6)
quickly = hypothesis_settings(deadline=None, max_examples=100)


def rows_of(file: str, content: bytes) -> list[tuple[int, list[str]]]:
    (table,) = read(file, content)
    return list(table.rows())


def filled(sheet: list[list[str]]) -> list[tuple[int, list[str]]]:
    """What should be read of a sheet: no empty rows, and no empty cells at the end of one."""
    rows = []
    for number, cells in enumerate(sheet, start=1):
        last = max((column for column, cell in enumerate(cells, start=1) if cell), default=0)
        if last:
            rows.append((number, cells[:last]))
    return rows


def saved(workbook: Workbook) -> bytes:
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def xlsx_with(*values, epoch=None) -> bytes:
    """A workbook with `values` below each other."""
    workbook = Workbook()
    if epoch:
        workbook.epoch = epoch
    for row, value in enumerate(values, start=1):
        workbook.active.cell(row, 1, value)
    return saved(workbook)


def replaced(content: bytes, part: str, *pairs: tuple[str, str]) -> bytes:
    """The zip file with texts in one of its parts replaced."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            text = source.read(member)
            if member == part:
                for old, new in pairs:
                    assert old.encode() in text
                    text = text.replace(old.encode(), new.encode())
            target.writestr(member, text)
    return copy.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def xlsx_of_xml(rows: str) -> bytes:
    """A workbook whose sheet data is `rows`, as it is."""
    return replaced(saved(Workbook()), SHEET, ("<sheetData></sheetData>", f"<sheetData>{rows}</sheetData>"))


def with_shared_texts(content: bytes, xml: str) -> bytes:
    relation = '<Relationship Id="x" Type="a/sharedStrings" Target="/xl/texts.xml"/></Relationships>'
    copy = io.BytesIO(replaced(content, "xl/_rels/workbook.xml.rels", ("</Relationships>", relation)))
    with zipfile.ZipFile(copy, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/texts.xml", xml)
    return copy.getvalue()


def ods_of(*rows: list[TableCell]) -> bytes:
    document, table = OpenDocumentSpreadsheet(), OdsTable(name="one")
    for cells in rows:
        row = TableRow()
        for cell in cells:
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.write(content)
    return content.getvalue()


def ods_text(*children) -> TableCell:
    cell = TableCell(valuetype="string")
    for child in children:
        cell.addElement(P(text=child) if isinstance(child, str) else child)
    return cell


# Rows and sheets


def test_rows_keep_the_numbers_that_a_spreadsheet_program_shows():
    content = b"\n\nname,city\n\nLima,Peru\n\n\nOslo,Norway\n"
    assert rows_of("a.csv", content) == [(3, ["name", "city"]), (5, ["Lima", "Peru"]), (8, ["Oslo", "Norway"])]


def test_a_table_knows_its_file_its_name_and_its_last_filled_row_and_column():
    (table,) = read("A.XLSX", xlsx_of(one=[[], [None, "a"], ["b", " ", "c", " "], [" "]]))
    assert (table.file, table.name, table.width, table.length) == ("A.XLSX", "one", 3, 3)
    (table,) = read("a.csv", b",a,\n\nb, ,c, ,\n ,\n")
    assert (table.file, table.name, table.width, table.length) == ("a.csv", "", 3, 3)


def test_rows_can_be_gone_through_again_and_again():
    (table,) = read("a.xlsx", xlsx_of(one=[["a"], ["1"]]))
    first, second = table.rows(), table.rows()
    assert [next(first), next(second), next(first), next(second)] == [(1, ["a"])] * 2 + [(2, ["1"])] * 2
    assert list(table.rows()) == [(1, ["a"]), (2, ["1"])]


def test_a_long_sheet_keeps_its_order():
    sheet = [[str(number), "x" * (number % 700)] for number in range(2000)]
    content = "\n".join(map(",".join, sheet)).encode()
    assert rows_of("a.csv", content) == filled(sheet)
    assert rows_of("a.xlsx", xlsx_of(one=sheet)) == filled(sheet)


def test_a_cell_in_the_middle_of_a_workbook_keeps_its_place():
    workbook = Workbook()
    workbook.active["AB7"] = "here"
    assert rows_of("a.xlsx", saved(workbook)) == [(7, [""] * 27 + ["here"])]


def test_all_sheets_with_anything_in_them_are_read_hidden_ones_too():
    workbook = Workbook()
    workbook.active.title = "one"
    workbook.active["A1"] = "a"
    workbook.create_sheet("empty")
    for state in ("hidden", "veryHidden"):
        sheet = workbook.create_sheet(state)
        sheet["A2"], sheet.sheet_state = "b", state
    tables = read("a.xlsx", saved(workbook))
    assert [(table.name, *table.rows()) for table in tables] == [
        ("one", (1, ["a"])),
        ("hidden", (2, ["b"])),
        ("veryHidden", (2, ["b"])),
    ]


def test_the_sheet_about_our_own_workbooks_is_passed_over():
    content = xlsx_of(states=[["a"], ["1"]], About=[["count", 1]])
    assert [table.name for table in read("a.xlsx", content)] == ["states"]


def test_a_chart_on_a_sheet_of_its_own_is_passed_over():
    workbook = Workbook()
    workbook.active["A1"] = "a"
    workbook.create_chartsheet("chart")
    assert [table.name for table in read("a.xlsx", saved(workbook))] == ["Sheet"]


def test_the_name_of_a_sheet_leads_to_its_part_whatever_that_is_called():
    content = replaced(
        xlsx_of(one=[["first"]], two=[["second"]]),
        "xl/workbook.xml",
        ("rId1", "rId0"),
        ("rId2", "rId1"),
        ("rId0", "rId2"),
    )
    assert [(table.name, *table.rows()) for table in read("a.xlsx", content)] == [
        ("one", (1, ["second"])),
        ("two", (1, ["first"])),
    ]


# csv


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_first_line(delimiter):
    content = csv_of("name|city", "Lima|Peru", delimiter=delimiter)
    assert rows_of("a.csv", content) == [(1, ["name", "city"]), (2, ["Lima", "Peru"])]


def test_the_delimiter_is_told_by_the_first_line_with_anything_in_it():
    assert rows_of("a.csv", b"\nname;city\nLima;Peru\n") == [(2, ["name", "city"]), (3, ["Lima", "Peru"])]


def test_the_delimiter_is_not_told_by_what_stands_in_quotation_marks():
    assert rows_of("a.csv", b'"a;b;\n""c;","d"\n1;2,3\n') == [(1, ['a;b;\n"c;', "d"]), (2, ["1;2", "3"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("text", ["Côte d’Ivoire", "Müßiggang “CAFÉ”", "Åland – Ñuñoa…"])
def test_the_encoding_is_told_by_the_bytes(encoding, text):
    assert rows_of("a.csv", f"name\n{text}\n".encode(encoding)) == [(1, ["name"]), (2, [text])]


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_with_a_mark_is_read_in_either_order(mark):
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert rows_of("a.csv", mark + "имя\nОсло\n".encode(encoding)) == [(1, ["имя"]), (2, ["Осло"])]


def test_a_cell_may_hold_several_lines():
    content = b'name,note\r\n"two\nlines","three\r\nmore\rlines"\r\nafter,\r\n'
    assert rows_of("a.csv", content) == [
        (1, ["name", "note"]),
        (2, ["two\nlines", "three\r\nmore\rlines"]),
        (3, ["after"]),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(end):
    assert rows_of("a.csv", f"a{end}{end}b".encode()) == [(1, ["a"]), (3, ["b"])]


# Values


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_a_day_is_the_same_in_workbooks_that_count_from_1900_and_from_1904(epoch):
    days = [datetime.date(1904, 1, 2), datetime.date(2007, 5, 23), datetime.date(9999, 12, 31)]
    moments = [datetime.datetime(2007, 5, 23, 10, 30), datetime.datetime(2007, 5, 23, 23, 59, 59)]
    assert rows_of("a.xlsx", xlsx_with(*days, *moments, epoch=epoch)) == [
        (1, ["1904-01-02"]),
        (2, ["2007-05-23"]),
        (3, ["9999-12-31"]),
        (4, ["2007-05-23T10:30:00"]),
        (5, ["2007-05-23T23:59:59"]),
    ]


def test_days_around_the_leap_day_that_1900_did_not_have():
    days = [datetime.date(1900, 1, 1), datetime.date(1900, 2, 28), datetime.date(1900, 3, 1)]
    assert rows_of("a.xlsx", xlsx_with(*days)) == [(1, ["1900-01-01"]), (2, ["1900-02-28"]), (3, ["1900-03-01"])]


def test_the_first_day_of_1904_is_a_day_too():
    content = replaced(
        xlsx_with(datetime.date(2007, 5, 23), epoch=CALENDAR_MAC_1904), SHEET, ("<v>37763</v>", "<v>0</v>")
    )
    assert rows_of("a.xlsx", content) == [(1, ["1904-01-01"])]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("dd/mm/yyyy", "2007-05-23T12:00:00"),
        ('d. mmmm yyyy" h"', "2007-05-23T12:00:00"),
        ("[$-407]mmm yy;@", "2007-05-23T12:00:00"),
        ("[Red]#,##0.00", "39225.5"),
        ('0.0" days"', "39225.5"),
        ("General", "39225.5"),
        ("0.00E+00", "39225.5"),
        ("[h]:mm", "941412:00:00"),
        ("h:mm", "2007-05-23T12:00:00"),
    ],
)
def test_the_number_format_tells_a_day_from_a_number(code, text):
    workbook = Workbook()
    workbook.active["A1"] = 39225.5
    workbook.active["A1"].number_format = code
    assert rows_of("a.xlsx", saved(workbook)) == [(1, [text])]


def test_numbers_times_truths_and_errors_of_an_xlsx_workbook():
    values = {
        49: "49",
        1.0: "1",
        0: "0",
        -5: "-5",
        0.1: "0.1",
        1e20: "100000000000000000000",
        1e-7: "1e-07",
        datetime.time(12, 30): "12:30:00",
        datetime.timedelta(hours=30, minutes=5): "30:05:00",
        "#N/A": "#N/A",
        "#REF!": "#REF!",
        " Lima ": "Lima",
    }
    assert rows_of("a.xlsx", xlsx_with(*values, True, False)) == [
        *((number, [text]) for number, text in enumerate(values.values(), start=1)),
        (13, ["yes"]),
        (14, ["no"]),
    ]


def test_numbers_times_truths_and_errors_of_an_ods_workbook():
    cells = [
        TableCell(valuetype="float", value="49"),
        TableCell(valuetype="float", value="0.5"),
        TableCell(valuetype="percentage", value="0.25"),
        TableCell(valuetype="currency", value="3.0"),
        TableCell(valuetype="date", datevalue="2007-05-23"),
        TableCell(valuetype="date", datevalue="2007-05-23T00:00:00"),
        TableCell(valuetype="date", datevalue="2007-05-23T10:30:00"),
        TableCell(valuetype="time", timevalue="PT12H30M00S"),
        TableCell(valuetype="time", timevalue="PT30H05M00S"),
        TableCell(valuetype="boolean", booleanvalue="true"),
        TableCell(valuetype="boolean", booleanvalue="false"),
        TableCell(valuetype="string", stringvalue=" Lima "),
        TableCell(),
        ods_text("#N/A"),
    ]
    assert rows_of("a.ods", ods_of(cells)) == [
        (
            1,
            [
                *["49", "0.5", "0.25", "3", "2007-05-23", "2007-05-23", "2007-05-23T10:30:00", "12:30:00", "30:05:00"],
                *["yes", "no", "Lima", "", "#N/A"],
            ],
        )
    ]


def test_texts_of_an_ods_workbook_keep_their_lines_and_blanks():
    paragraph = P(text="a")
    for child in (S(c=3), Tab(), LineBreak()):
        paragraph.addElement(child)
    paragraph.addText("b")
    assert rows_of("a.ods", ods_of([ods_text("one", "", "two"), ods_text(paragraph)])) == [
        (1, ["one\n\ntwo", "a   \t\nb"])
    ]


def test_a_comment_on_a_cell_of_an_ods_workbook_is_not_its_text():
    content = replaced(
        ods_of([ods_text("Lima")]),
        "content.xml",
        ("<text:p>", "<office:annotation><text:p>ask again</text:p></office:annotation><text:p>"),
    )
    assert rows_of("a.ods", content) == [(1, ["Lima"])]


def test_repeated_cells_and_rows_of_an_ods_workbook_are_read_as_often_as_they_stand_there():
    content = replaced(
        ods_of([ods_text("a")], [ods_text("b")]),
        "content.xml",
        ("<table:table-row>", '<table:table-row table:number-rows-repeated="2">'),
        (
            "<table:table-cell ",
            '<table:table-cell table:number-columns-repeated="2"/><table:table-cell table:number-columns-repeated="2" ',
        ),
    )
    a, b = ["", "", "a", "a"], ["", "", "b", "b"]
    assert rows_of("a.ods", content) == [(1, a), (2, a), (3, b), (4, b)]


def test_empty_rows_to_the_edge_of_an_ods_sheet_do_not_count():
    content = replaced(
        ods_of([ods_text("slug")]),
        "content.xml",
        (
            "</table:table>",
            '<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row></table:table>',
        ),
    )
    assert rows_of("a.ods", content) == [(1, ["slug"])]


# Formulas


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"><f>1+1</f><v>2</v></c>',
        '<c r="A1"><f t="shared" ref="A1:A9" si="0">B1</f><v>2</v></c>',
        '<c r="A1"><f t="shared" si="0"/><v>2</v></c>',
        '<c r="A1" t="str"><f>"2"</f><v>2</v></c>',
        '<c t="str" cm="1" r="A1"><f t="array" ref="A1">"2"</f><v>2</v></c>',
    ],
)
def test_a_formula_is_read_as_its_result(cell):
    assert rows_of("a.xlsx", xlsx_of_xml(f'<row r="1">{cell}</row>')) == [(1, ["2"])]


def test_a_formula_may_give_an_empty_text_or_an_error():
    row = '<c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    assert rows_of("a.xlsx", xlsx_of_xml(f'<row r="1">{row}</row>')) == [(1, ["", "#DIV/0!"])]


def test_a_formula_of_an_ods_workbook_is_read_as_its_result():
    content = replaced(
        ods_of([TableCell(valuetype="float", value="2"), ods_text("#N/A"), ods_text()]),
        "content.xml",
        ("<table:table-cell ", '<table:table-cell table:formula="of:=[.B1]" '),
    )
    assert rows_of("a.ods", content) == [(1, ["2", "#N/A"])]


# xlsx as other programs write it


@pytest.mark.parametrize(
    "row",
    [
        '<row><c><v>1</v></c><c/><c t="inlineStr"><is><t>x</t></is></c></row>',
        '<row r="1" spans="1:3"><c s="0" r="A1"><v>1</v></c><c r="C1" cm="1" t="str"><v>x</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='C1' t='str'><v>x</v></c></row>",
        '<row\nr="1"\n><c\nr="A1"\n><v>1</v></c>\n<c\nr="C1" t="inlineStr"\n><is><t>x</t></is></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="0"/><c r="C1" t="inlineStr"><is><r><t>x</t></r></is></c></row>',
        '<row r="1"><c r="A1" t="n"><v>1.0</v></c><c r="C1" t="inlineStr"><is><t>&#32;&#x78;</t></is></c></row>',
    ],
)
def test_cells_are_read_however_they_are_written(row):
    assert rows_of("a.xlsx", xlsx_of_xml(row)) == [(1, ["1", "", "x"])]


def test_tags_of_a_sheet_may_have_a_prefix():
    content = xlsx_of(one=[["a", 1], ["b & c", None]])
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        sheet = file.read(SHEET).decode()
    prefixed = sheet.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("xmlns=", "xmlns:x=")
    assert rows_of("a.xlsx", replaced(content, SHEET, (sheet, prefixed))) == [(1, ["a", "1"]), (2, ["b & c"])]


def test_shared_texts_are_read_without_their_fonts_and_their_pronunciation():
    cells = "".join(f'<c r="{letter}1" t="s"><v>{number}</v></c>' for number, letter in enumerate("ABCDE"))
    content = with_shared_texts(
        xlsx_of_xml(f'<row r="1">{cells}</row>'),
        '<sst><si><t>a</t></si><si/><si><t xml:space="preserve"> b &amp; c </t></si>'
        "<si><r><rPr><color/></rPr><t>d</t></r><r><t>e</t></r><rPh><t>not read</t></rPh></si><si><t>'=f</t></si></sst>",
    )
    assert rows_of("a.xlsx", content) == [(1, ["a", "", "b & c", "de", "=f"])]


def test_characters_that_xml_cannot_hold_are_read_as_excel_writes_them():
    values = ["a_x000D_\nb", "a_x000d_b", "a_x005F_x000D_b", "a_x0041_b", "a_x005F_b"]
    assert rows_of("a.xlsx", xlsx_with(*values)) == [
        (1, ["a\r\nb"]),
        (2, ["a\rb"]),
        (3, ["a_x000D_b"]),
        (4, ["a_x0041_b"]),
        (5, ["a_x005F_b"]),
    ]


# Cells that would run as formulas


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "'=1", "''=1"])
def test_a_cell_that_would_run_as_a_formula_is_made_harmless_and_restored(text):
    assert harmless(text) == f"'{text}"
    assert restore(harmless(text)) == text
    assert clean(f"{harmless(text)} ") == text


@pytest.mark.parametrize("value", ["Lima", "'quoted'", "'", "", "a=b", 5, None, True])
def test_every_other_cell_stays_as_it_is(value):
    assert harmless(value) == value


@given(TEXT)
@example(" '=1")
@example("'\t")
def test_what_was_made_harmless_is_restored_without_its_outer_blanks(text):
    assert restore(harmless(text)) == text
    assert clean(harmless(text)).strip() == text.strip()


@given(st.lists(BARE, min_size=1, max_size=3))
@quickly
@example(["a\rb\r\nc\nd"])
@example(["'\tx", "'=1", "'", "'''"])
@example(["\tx", "\rx"])
def test_what_we_export_is_what_we_read(texts):
    assume(any(texts))
    assume(not any("_x00" in text for text in texts))
    dataset = tablib.Dataset(texts, headers=["heading"] * len(texts))
    rows = [(1, ["heading"] * len(texts)), *filled([[], texts])]
    assert rows_of("a.csv", Csv().export_data(dataset).encode()) == rows
    assert rows_of("a.xlsx", Xlsx().export_data(dataset)) == rows
    # XML without escapes holds no carriage return: the writer of ods files makes a line feed of it.
    in_ods = [[text.replace("\r\n", "\n").replace("\r", "\n") for text in cells] for _number, cells in rows]
    assert rows_of("a.ods", Ods().export_data(dataset)) == filled(in_ods)


# Any sheet


@given(SHEETS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@quickly
def test_any_sheet_written_as_csv_is_read_as_it_was(sheet, delimiter, encoding):
    sheet = [["heading", "heading"], *([harmless(cell) for cell in cells] for cells in sheet)]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(sheet)
    expected = [[restore(cell) for cell in cells] for cells in sheet]
    assert rows_of("a.csv", text.getvalue().encode(encoding)) == filled(expected)


@given(SHEETS)
@quickly
def test_any_sheet_written_as_csv_with_all_cells_quoted_is_read_as_it_was(sheet):
    expected = filled(sheet)
    assume(expected)
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([harmless(cell) for cell in cells] for cells in sheet)
    assert rows_of("a.csv", text.getvalue().encode("utf-8-sig")) == expected


@given(SHEETS)
@quickly
def test_any_sheet_written_as_xlsx_is_read_as_it_was(sheet):
    expected = filled(sheet)
    assume(expected)
    assume(not any("_x00" in cell for cells in sheet for cell in cells))
    workbook = Workbook()
    for number, cells in enumerate(sheet, start=1):
        for column, cell in enumerate(cells, start=1):
            workbook.active.cell(number, column, harmless(cell) or None)
    assert rows_of("a.xlsx", saved(workbook)) == expected


@given(st.lists(st.integers(-(10**15), 10**15) | st.integers(-(10**14), 10**14).map(lambda n: n / 1000), min_size=1))
@quickly
def test_any_number_is_read_as_it_was(numbers):
    read_back = [cells[0] for _number, cells in rows_of("a.xlsx", xlsx_with(*numbers))]
    assert [float(text) for text in read_back] == numbers
    assert all("." not in text for text, number in zip(read_back, numbers, strict=True) if number == int(number))


@given(st.lists(st.dates(min_value=datetime.date(1904, 1, 2)), min_size=1), st.booleans())
@quickly
def test_any_day_is_read_as_it_was(days, since_1904):
    content = xlsx_with(*days, epoch=CALENDAR_MAC_1904 if since_1904 else None)
    assert [cells for _number, cells in rows_of("a.xlsx", content)] == [[day.isoformat()] for day in days]
