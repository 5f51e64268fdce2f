"""Cells that a spreadsheet program would run as a formula: made harmless on the way out, restored on the way in."""

import re

# OWASP's list of first characters that start a formula: https://owasp.org/www-community/attacks/CSV_Injection
# A line feed too: an ods file makes one of every carriage return.
FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
HARMLESS = re.compile(r"'+[=+\-@\t\r\n]")


def harmless(value):
    """`value` for a cell: a text that would start a formula gets an apostrophe in front; all else stays."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def restore(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if HARMLESS.match(text) else text


def clean(text: str) -> str:
    """The text of a cell in a file, restored and without outer blanks; a blank behind its apostrophe stays."""
    return restore(text).rstrip() if text[:1] == "'" else text.strip()
