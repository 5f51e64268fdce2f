"""The parts of a workbook, which is a zip file of XML: never more of it in memory than a piece at a time."""

import codecs
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from xml.parsers import expat

from django.conf import settings

from .tables import Budget, UnreadableFile

PIECE = 1 << 15
MEMBERS = 10_000  # each takes memory before anything is read
DEPTH = 256
ELEMENT = 500  # bytes that an element takes in memory

FIRST_TAG = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<((?:[\w.-]+:)?)([\w.-]+)\b[^>]*?(/?)>")
OTHER_ENCODING = re.compile(r"""<\?xml[^>]*\sencoding=["'](?!utf-8)""", re.IGNORECASE)
PASSWORD = "The workbook is protected by a password: save it without one."  # noqa: S105 (the sentence, not one of them)

UNUSUAL = "The workbook is written in an unusual way: open it in a spreadsheet program and save it again."


class Damaged(Exception):
    """The file is not a workbook of its kind."""


class Endless(Exception):
    """A text goes on for longer than a cell may; holds its beginning."""


class Archive:
    """The zip file `content`; what is read of it counts against `budget`."""

    def __init__(self, content: bytes, budget: Budget):
        if content.count(b"PK\x01\x02") > MEMBERS:
            raise Damaged
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.budget = budget
        # Some programs write other cases, or a backslash.
        self.parts = {part.filename.replace("\\", "/").casefold(): part for part in self.zip.infolist()}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.parts

    def names(self) -> list[str]:
        return list(self.parts)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, some at a time; raises Damaged."""
        part = self.parts.get(name.casefold())
        # Only these two are unpacked piece by piece; no spreadsheet program uses another.
        if part is None or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Damaged
        if part.flag_bits & 1:
            raise UnreadableFile(PASSWORD)
        with self.zip.open(part) as stream:
            while piece := stream.read(PIECE):
                self.budget.spend(len(piece))
                yield piece

    def parse(self, name: str, parser) -> Iterator[None]:
        """Let `parser` read a part, piece by piece; no tag of it may be endless, since expat keeps the whole of it."""
        fed, longest = 0, settings.IMPORT_MAX_CELL * 10 + 2 * PIECE
        for piece in self.pieces(name):
            parser.Parse(piece)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > longest:
                raise Damaged
            yield
        parser.Parse(b"", True)

    def elements(self, name: str) -> Iterator[tuple[str, dict[str, str]]]:
        """(name, attributes) of each element of a part, without their prefixes."""
        found, depth = [], 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            check_depth(depth)
            self.budget.spend(ELEMENT)
            found.append((_local(tag), {_local(key): value for key, value in attributes.items()}))

        def end(_tag: str) -> None:
            nonlocal depth
            depth -= 1

        parser = guarded_parser()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        for _piece in self.parse(name, parser):
            yield from found
            found.clear()

    def check_definitions(self) -> None:
        """No part may define entities: a few bytes of them stand for gigabytes, or for other files."""
        for name in self.parts:
            if name.endswith((".xml", ".rels")):
                with suppress(expat.ExpatError, LookupError, ValueError):  # told when the part is read, if it is
                    next(self.elements(name), None)

    def text(self, name: str, *ends: str) -> Iterator[str]:
        """The text of a part in pieces, each up to the last of the tags `ends` in it, without the prefix of its tags.

        Raises Endless.
        """
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        longest = settings.IMPORT_MAX_CELL * len("&#x10FFFF;") + PIECE
        rest = prefix = root = closed = ""
        for piece in self.pieces(name):
            rest += decoder.decode(piece)
            if not root and (found := FIRST_TAG.match(rest)):
                prefix, root, closed = found.groups()
            if prefix:
                rest = rest.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</")
            if "<!" in rest or OTHER_ENCODING.match(rest):
                raise UnreadableFile(UNUSUAL)
            if cut := max(rest.rfind(end) + len(end) if end in rest else 0 for end in ends):
                yield rest[:cut]
                rest = rest[cut:]
            if len(rest) > longest:
                raise Endless(rest)
        rest += decoder.decode(b"", True)
        if not rest.rstrip().endswith("/>" if closed else f"</{root}>"):
            raise Damaged
        yield rest


def check_depth(depth: int) -> None:
    """A parser keeps all open tags, which cost the author of a file three bytes each."""
    if depth > DEPTH:
        raise Damaged


def guarded_parser(namespace_separator: str | None = None):
    """An expat parser that refuses definitions."""
    parser = expat.ParserCreate(namespace_separator=namespace_separator)
    parser.buffer_text = True

    def refuse(*_args):
        raise UnreadableFile(
            "The workbook defines words of its own in its XML (a DOCTYPE), which no spreadsheet does: "
            "open it in a spreadsheet program and save it again."
        )

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
