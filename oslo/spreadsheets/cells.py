"""Cells that a spreadsheet program would run as a formula: made harmless on the way out, restored on the way in."""

import re

# OWASP's list of first characters that start a formula: https://owasp.org/www-community/attacks/CSV_Injection
# A line feed too: an ods file makes one of every carriage return.
FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
HARMLESS = re.compile(r"'+[=+\-@\t\r\n]")


def harmless(value):
    """`value` for a cell: a text that would start a formula gets an apostrophe in front; all else stays."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


# How a workbook writes a character that XML cannot hold, and what would look like one (ECMA-376, part 1, 22.9.2.19).
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")
LONGEST_IN_XLSX = 32_767  # characters: a longer text is cut there


def for_xlsx(value):
    """`value` for a cell of an xlsx workbook: harmless, and such that it is read as it was."""
    value = harmless(value)
    if not isinstance(value, str):
        return value
    return NOT_IN_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", value)[:LONGEST_IN_XLSX]


def restore(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if HARMLESS.match(text) else text


def clean(text: str) -> str:
    """The text of a cell in a file, restored and without outer blanks; a blank behind its apostrophe stays."""
    return restore(text).rstrip() if text[:1] == "'" else text.strip()
