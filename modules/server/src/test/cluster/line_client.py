"""A line protocol's client."""

import socket


class Failed(Exception):
    """There was nobody who could answer."""


class Cut(Failed):
    """The connection went away."""


class NotServed(Failed):
    """There was no connection to be had, or it went away before a greeting."""


class Line:
    """Waits for so many seconds, on a slow machine under load, unless told otherwise."""

    def __init__(self, port, patience):
        self.patience = patience
        try:
            self.socket = socket.create_connection(('127.0.0.1', port), timeout=patience)
        except OSError as e:
            raise NotServed(f'no connection: {e}') from e
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b''

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.socket.close()

    def send(self, text):
        try:
            self.socket.sendall(text.encode())
        except OSError:
            pass  # what the server has still said tells why

    def greeting(self):
        try:
            return self.line() or ''
        except Cut as cut:
            raise NotServed(f'no greeting: {cut}') from cut

    def line(self, patience=None):
        """The next line; None when none has come for so long."""
        self.socket.settimeout(patience or self.patience)
        while b'\n' not in self.buffer:
            try:
                octets = self.socket.recv(65536)
            except TimeoutError:
                return None
            except OSError as e:
                raise Cut(str(e)) from e
            if not octets:
                raise Cut('closed')
            self.buffer += octets
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line.rstrip(b'\r').decode('latin1')
