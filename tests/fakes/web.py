"""Web servers on this machine that count who comes, and certificates of their own."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"


class Listener:
    """A socket that nobody answers at. Who connects is counted by the system."""

    def __init__(self):
        self._socket = socket.create_server((LOOPBACK, 0))
        self._socket.settimeout(0)
        self.port = self._socket.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._socket.close()

    def visitors(self):
        """How many came since the last look, and what they sent."""
        sent = []
        with suppress(BlockingIOError):
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    connection.settimeout(1)
                    sent.append(connection.recv(1000))
        return sent


class Server:
    """Answers each request with what `answer` gives for it: parts, which may never end."""

    def __init__(self, answer, tls=None):
        self._answer = answer
        self._tls = tls
        self._socket = socket.create_server((LOOPBACK, 0))
        self.port = self._socket.getsockname()[1]
        self.requests = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        # A shutdown wakes the thread that waits in accept, a close does not.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            # A visitor may turn away at any time.
            with connection, suppress(OSError):
                self._talk(connection)

    def _talk(self, connection):
        connection.settimeout(5)
        if self._tls:
            with self._tls.wrap_socket(connection, server_side=True) as secured:
                self._reply(secured)
        else:
            self._reply(connection)

    def _reply(self, connection):
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += connection.recv(1000) or b"\r\n\r\n"
        self.requests.append(request.decode())
        for part in self._answer(request.decode()):
            connection.sendall(part)


class Detour(httpcore.SyncBackend):
    """A network on which every address is one port of this machine."""

    def __init__(self, port):
        self._port = port
        self.asked = []

    def connect_tcp(self, host, port, *options, **more):
        self.asked.append((host, port))
        return super().connect_tcp(LOOPBACK, self._port, *options, **more)


class Nowhere(httpcore.NetworkBackend):
    """A network on which nobody is reached."""

    def __init__(self):
        self.asked = []

    def connect_tcp(self, host, port, *_options, **_more):
        self.asked.append((host, port))
        raise httpcore.ConnectError


class Authority:
    """Signs certificates for hosts, and gives both sides what they need."""

    def __init__(self, folder):
        self._folder = folder

    def server(self, host):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        self._file(host).write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._file(host))
        return context

    def client(self, *hosts):
        context = ssl.create_default_context()
        for host in hosts:
            context.load_verify_locations(self._file(host))
        return context

    def _file(self, host):
        return self._folder / f"{host}.pem"
