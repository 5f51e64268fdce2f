"""Asking the product as its server does: the whole of a request, in this process, with no time for a network."""

import io
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import connection


class WrongAnswer(Exception):
    """A page that is not there: there is nothing to measure."""


@dataclass(frozen=True)
class Visit:
    """`first_byte` and `seconds` are since the request was made."""

    seconds: float
    first_byte: float
    size: int
    queries: int


class Visitor:
    """Calls the WSGI application, with its middleware, its connections to the database and its signals."""

    def __init__(self):
        from oslo.wsgi import application  # sets up Django, and how the process handles its memory

        self.application = application
        self.queries = 0
        connection.execute_wrappers.append(self._count)

    def _count(self, execute, *args):
        self.queries += 1
        return execute(*args)

    def visit(self, address: str) -> Visit:
        """Read the answer to its end; raises WrongAnswer when it is not status 200."""
        size, self.queries, first_byte = 0, 0, None
        start = time.perf_counter()
        for part in self.answer(address):
            first_byte = first_byte or time.perf_counter() - start
            size += len(part)
        return Visit(time.perf_counter() - start, first_byte, size, self.queries)

    def read(self, address: str) -> bytes:
        return b"".join(self.answer(address))

    def answer(self, address: str):
        said = []
        response = self.application(_environ(address), lambda status, headers: said.append(status))
        try:
            yield from response
        finally:
            response.close()
        if said != ["200 OK"]:
            raise WrongAnswer(f"{address}: {said}")


def _environ(address: str) -> dict:
    split = urlsplit(address)
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": split.path,
        "QUERY_STRING": split.query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
