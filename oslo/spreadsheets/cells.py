"""Cells that a spreadsheet program would run as a formula: made harmless on the way out, restored on the way in."""

import re

# OWASP's list of first characters that start a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = re.compile(r"'*[=+\-@\t\r]")
HARMLESS = re.compile(r"'+[=+\-@\t\r]")


def harmless(value):
    """`value` for a cell: a text that would start a formula gets an apostrophe in front; all else stays."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def restore(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if HARMLESS.match(text) else text
