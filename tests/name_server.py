"""A name server on this machine, whose records tests choose."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.resolver
import dns.rrset


class NameServer:
    """Answers from its records, and notes what it was asked."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.records: list[dns.rrset.RRset] = []
        self.asked: list[str] = []

    def add(self, name: str, kind: str, *texts: str) -> None:
        """Add records of a name."""
        full = dns.name.from_text(name)
        self.records.append(dns.rrset.from_text_list(full, 60, "IN", kind, list(texts)))

    def serve(self) -> None:
        """Answer until the connection is closed."""
        while True:
            try:
                data, asker = self._connection.recvfrom(65535)
            except OSError:
                return
            if not data:
                return
            self._connection.sendto(self._answer(dns.message.from_wire(data)).to_wire(), asker)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA | dns.flags.RA
        question = query.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{kind} {question.name.to_text(omit_final_dot=True)}")
        answer.answer = [
            record
            for record in self.records
            if record.name == question.name and record.rdtype == question.rdtype
        ]
        if not any(record.name.is_subdomain(question.name) for record in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)  # else it exists, if only for names below it
        return answer


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Run a name server, and let the program ask it instead of that of the system."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.bind(("127.0.0.1", 0))
        port = connection.getsockname()[1]
        server = NameServer(connection)
        thread = Thread(target=server.serve)
        thread.start()
        before = dns.resolver.default_resolver
        dns.resolver.default_resolver = dns.resolver.Resolver(configure=False)
        dns.resolver.default_resolver.nameservers = ["127.0.0.1"]
        dns.resolver.default_resolver.port = port
        try:
            yield server
        finally:
            dns.resolver.default_resolver = before
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", ("127.0.0.1", port))
            thread.join()
