"""Asking the product as its server does: the whole of a request, in this process, with no time for a network."""

import io
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.db import connection


class WrongAnswer(Exception):
    """A page that is not there: there is nothing to measure."""


@dataclass(frozen=True)
class Visit:
    """`first_byte` and `seconds` are since the request was made; `inside` are the queries inside of transactions."""

    seconds: float
    first_byte: float
    size: int
    queries: int
    inside: int = 0


class Visitor:
    """Calls the WSGI application, with its middleware, its connections to the database and its signals."""

    def __init__(self, cookies: dict[str, str] | None = None):
        from oslo.wsgi import application  # sets up Django, and how the process handles its memory

        self.application, self.cookies = application, cookies or {}
        self.queries = self.inside = 0
        connection.execute_wrappers.append(self._count)

    def _count(self, execute, *args):
        self.queries += 1
        self.inside += connection.in_atomic_block
        return execute(*args)

    def visit(self, address: str, form: dict[str, str] | None = None, status: str = "200 OK") -> Visit:
        """Read the answer to its end, to a form if one is sent; raises WrongAnswer when it has another status."""
        size, self.queries, self.inside, first_byte = 0, 0, 0, None
        start = time.perf_counter()
        for part in self.answer(address, form, status):
            first_byte = first_byte or time.perf_counter() - start
            size += len(part)
        seconds = time.perf_counter() - start
        return Visit(seconds, first_byte or seconds, size, self.queries, self.inside)

    def read(self, address: str, form: dict[str, str] | None = None) -> bytes:
        return b"".join(self.answer(address, form))

    def answer(self, address: str, form: dict[str, str] | None = None, status: str = "200 OK"):
        said, environ = [], _environ(address)
        environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is not None:
            environ |= _body(urlencode(form).encode())
        response = self.application(environ, lambda status, headers: said.append(status))
        try:
            yield from response
        finally:
            response.close()
        if said != [status]:
            raise WrongAnswer(f"{address}: {said}")


def _body(content: bytes) -> dict:
    return {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
    }


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
        "HTTP_REFERER": "https://localhost/",
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
