"""Both ends of a relay at once, to see how the end of one arrives at the other.

Usage: relay_ends.py; prints the port to relay to, reads HOST PORT of the relay from a line, prints what it saw, case by case.
"""
import socket

from relay_pairs import Relay, ending, reset

relay = Relay()

client, server = relay.pair()
client.sendall(b"question")
client.shutdown(socket.SHUT_WR)
print("client half-closes:", ending(server))
server.sendall(b"a late answer")
server.close()
print("and hears:", ending(client))

client, server = relay.pair()
server.sendall(b"greeting")
server.shutdown(socket.SHUT_WR)
print("server half-closes:", ending(client))
client.sendall(b"a late word")
client.close()
print("and hears:", ending(server))

client, server = relay.pair()
client.sendall(b"x")
assert server.recv(1) == b"x"
reset(client)
print("client resets:", ending(server))

client, server = relay.pair()
server.sendall(b"x")
assert client.recv(1) == b"x"
reset(server)
print("server resets:", ending(client))

# The server takes nothing, so the relay does not read the client any more: the reset has to get through all the same.
client, server = relay.pair()
client.settimeout(1)
try:
    while True:
        client.sendall(b"x" * 65536)
except TimeoutError:
    pass
reset(client)
print("client resets in a full pipe:", ending(server)[-4:])
