"""A TLS client and a plain server on both ends of a relay that takes TLS off: how the end of one arrives at the other.

Usage: relay_tls.py CA; prints the port to relay to, reads HOST PORT of the relay from a line, prints what it saw, case by case.
"""
import socket
import ssl
import sys

from relay_pairs import TIMEOUT, Relay, ending, reset

context = ssl.create_default_context(cafile=sys.argv[1])
relay = Relay()


def pair():
    client = context.wrap_socket(relay.connect(), server_hostname="localhost", suppress_ragged_eofs=False)
    client.sendall(b"x")
    server = relay.accept()
    assert server.recv(1) == b"x"

    # So that nothing of the handshake is left unread: closing would reset.
    server.sendall(b"y")
    assert client.recv(1) == b"y"
    return client, server


client, server = pair()
server.sendall(b"greeting")
server.shutdown(socket.SHUT_WR)
print("server half-closes:", ending(client))
client.sendall(b"a late word")
client.unwrap()
print("and hears:", ending(server))

# A FIN without close_notify: whoever is in between could have sent it.
client, server = pair()
client.sendall(b"a part")
socket.socket(fileno=client.detach()).close()
print("client is cut:", ending(server)[-4:])

client, server = pair()
reset(client)
print("client resets:", ending(server))

client, server = pair()
reset(server)
below = socket.socket(fileno=client.detach())
below.settimeout(TIMEOUT)
print("server resets:", ending(below)[-4:])
