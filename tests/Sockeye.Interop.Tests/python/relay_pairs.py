"""What the scripts share that are both ends of a relay: pairs of a client and a server, resets, and how the end of one arrives at the other."""
import socket
import struct
import sys

TIMEOUT = 60


class Relay:
    """Prints the port to relay to, and reads HOST PORT of the relay from a line."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(TIMEOUT)
        print("listening on 127.0.0.1:%d" % self._listener.getsockname()[1])
        host, port = sys.stdin.readline().split()
        self._address = host, int(port)

    def connect(self):
        return socket.create_connection(self._address, TIMEOUT)

    def accept(self):
        server, _ = self._listener.accept()
        server.settimeout(TIMEOUT)
        return server

    def pair(self):
        return self.connect(), self.accept()


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def ending(sock):
    """All that comes, and how it ends."""
    data = b""
    try:
        while True:
            part = sock.recv(65536)
            if not part:
                return data.decode(errors="replace") + "|FIN"
            data += part
    except ConnectionResetError:
        return data.decode(errors="replace") + "|RST"
