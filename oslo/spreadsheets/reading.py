"""Spreadsheets as tables of text: csv, xlsx and ods, with the row numbers that a spreadsheet program shows."""

import re
import zipfile
import zlib
from pathlib import PurePath
from xml.parsers.expat import ExpatError

from django.conf import settings

from . import csvs, ods, xlsx
from .archive import PASSWORD, Archive, Damaged
from .tables import Budget, Table, UnreadableFile

SUFFIXES = (".csv", ".xlsx", ".ods")
ABOUT = "About"  # the sheet with which our own workbooks say where they come from

NO_SPREADSHEET = "This is not a csv, xlsx or ods file."
SAVE_AS = {".xls", ".xlsb", ".xlsm", ".xlt", ".xltx", ".xltm", ".numbers", ".fods", ".ots", ".sxc"}
WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div)\b",
    re.IGNORECASE | re.DOTALL,
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old workbooks, and of new ones with a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD = "This is a workbook of an old format (xls), whatever its name says: open it and save it as xlsx."
BINARY = "This is a workbook of a binary format (xlsb), whatever its name says: open it and save it as xlsx."
NO_WORKBOOK = "This is not a workbook, whatever its name says."
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def read(file: str, content: bytes) -> list[Table]:
    """The tables with anything in them, all checked; raises UnreadableFile."""
    suffix = PurePath(file).suffix.lower()
    _check_kind(suffix, content)
    budget = Budget()
    found = [csvs.table(file, content, budget)] if suffix == ".csv" else _workbook(file, suffix, content, budget)
    tables = [table for table in found if table.length and table.name != ABOUT]
    if not tables:
        raise UnreadableFile("The file is empty.")
    names = [table.name.casefold() for table in tables]
    for table in tables:
        if names.count(table.name.casefold()) > 1:
            raise UnreadableFile(f"Two sheets have the name “{table.name}”: give each a name of its own.")
    return tables


def _check_kind(suffix: str, content: bytes) -> None:
    """Told by the name and the first bytes, before anything is unpacked."""
    if WEB_PAGE.match(content[:4096]):
        raise UnreadableFile("This is a web page, not a spreadsheet.")
    if suffix in SAVE_AS:
        raise UnreadableFile(f"{NO_SPREADSHEET} Open it in a spreadsheet program and save it as xlsx.")
    if suffix not in SUFFIXES:
        raise UnreadableFile(NO_SPREADSHEET)
    if len(content) > settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // 1024 // 1024
        raise UnreadableFile(f"The file is larger than {limit} MB.")
    if not content:
        raise UnreadableFile("The file is empty.")
    if content.startswith(b"%PDF-"):
        raise UnreadableFile("This is a PDF document, not a spreadsheet.")
    if content.startswith(OLE):
        raise UnreadableFile(PASSWORD if ENCRYPTED in content else OLD)
    if suffix == ".csv" and content.startswith(b"PK\x03\x04"):
        raise UnreadableFile("This is a workbook, not a csv file: give its name the ending xlsx or ods.")
    if suffix != ".csv" and not content.startswith(b"PK"):
        raise UnreadableFile(NO_WORKBOOK)


def _workbook(file: str, suffix: str, content: bytes, budget: Budget) -> list[Table]:
    try:
        archive = Archive(content, budget)
        _check_archive(suffix, archive)
        return list((xlsx if suffix == ".xlsx" else ods).tables(file, archive, budget))
    except (
        Damaged,
        EOFError,
        ExpatError,
        LookupError,
        NotImplementedError,
        OSError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise UnreadableFile(
            "The workbook is cut off or damaged: get it again, or open it in a spreadsheet program and save it again."
        ) from error


def _check_archive(suffix: str, archive: Archive) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in archive and any(tag == "encryption-data" for tag, _attributes in archive.elements(manifest)):
        raise UnreadableFile(PASSWORD)
    is_ods = "content.xml" in archive and ("mimetype" not in archive or next(archive.pieces("mimetype"), b"") == ODS)
    is_xlsx = "[Content_Types].xml" in archive and any(name.startswith("xl/") for name in archive.names())
    if is_xlsx and "xl/workbook.bin" in archive:
        raise UnreadableFile(BINARY)
    if not is_ods and not is_xlsx:
        raise UnreadableFile(NO_WORKBOOK)
    if is_ods != (suffix == ".ods"):
        kind = "ods" if is_ods else "xlsx"
        raise UnreadableFile(f"This is an {kind} workbook: give its name the ending {kind}.")
    archive.check_definitions()
