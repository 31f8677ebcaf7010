"""Both ends of a relay at once, to see how the end of one arrives at the other.

Usage: relay_ends.py; prints the port to relay to, reads HOST PORT of the relay from a line, prints what it saw, case by case.
"""
import socket
import struct
import sys

TIMEOUT = 60


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
                return data.decode() + "|FIN"
            data += part
    except ConnectionResetError:
        return data.decode() + "|RST"


listener = socket.create_server(("127.0.0.1", 0))
listener.settimeout(TIMEOUT)
print("listening on 127.0.0.1:%d" % listener.getsockname()[1])
host, port = sys.stdin.readline().split()


def pair():
    client = socket.create_connection((host, int(port)), TIMEOUT)
    server, _ = listener.accept()
    server.settimeout(TIMEOUT)
    return client, server


client, server = pair()
client.sendall(b"question")
client.shutdown(socket.SHUT_WR)
print("client half-closes:", ending(server))
server.sendall(b"a late answer")
server.close()
print("and hears:", ending(client))

client, server = pair()
server.sendall(b"greeting")
server.shutdown(socket.SHUT_WR)
print("server half-closes:", ending(client))
client.sendall(b"a late word")
client.close()
print("and hears:", ending(server))

client, server = pair()
client.sendall(b"x")
assert server.recv(1) == b"x"
reset(client)
print("client resets:", ending(server))

client, server = pair()
server.sendall(b"x")
assert client.recv(1) == b"x"
reset(server)
print("server resets:", ending(client))

# The server takes nothing, so the relay does not read the client any more: the reset has to get through all the same.
client, server = pair()
client.settimeout(1)
try:
    while True:
        client.sendall(b"x" * 65536)
except TimeoutError:
    pass
reset(client)
print("client resets in a full pipe:", ending(server)[-4:])
