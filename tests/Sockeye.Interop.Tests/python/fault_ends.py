"""Both ends of a relay with faults, to see what they make of bytes and ends.

Usage: fault_ends.py CASE; prints the port to relay to, reads HOST PORT of the relay from a line, prints what it saw.
"""
import socket
import sys

from relay_pairs import Relay, ending

case = sys.argv[1]
relay = Relay()


def tries(count):
    """What becomes of so many connections, one after the other: of each a word there and back."""
    for number in range(count):
        try:
            client = relay.connect()
            client.sendall(b"hello")
            if case == "refuse" and number >= 3:
                server = relay.accept()
                server.sendall(server.recv(5).upper())
                server.close()
            yield ending(client)
        except (ConnectionResetError, BrokenPipeError):
            yield "|RST"


if case == "refuse":
    print("refused:", *tries(5))
elif case == "reset":
    print("reset:", *tries(2))
elif case == "whole":
    # Slices, delays and merges: every byte, in order, both ways at once.
    client, server = relay.pair()
    words = b"".join(b"%d;" % number for number in range(2000))
    client.sendall(words)
    server.sendall(words[::-1])
    client.shutdown(socket.SHUT_WR)
    server.shutdown(socket.SHUT_WR)
    there, back = ending(server), ending(client)
    print("whole:", there == words.decode() + "|FIN", back == words[::-1].decode() + "|FIN")
elif case == "cut":
    client, server = relay.pair()
    server.sendall(b"greeting")
    greeting = client.recv(8)
    client.sendall(b"hello world")
    print("cut:", greeting.decode(), ending(server), ending(client))
elif case == "cut-reset":
    client, server = relay.pair()
    client.sendall(b"hello world")
    print("cut by a reset:", ending(server)[-4:], ending(client))
elif case == "half-open":
    client, server = relay.pair()
    client.sendall(b"hello world")
    heard = server.recv(100)
    while len(heard) < 5:
        heard += server.recv(100)
    client.close()
    server.settimeout(1)
    try:
        heard += server.recv(100)
        print("half-open: was told", heard)
    except TimeoutError:
        print("half-open:", heard.decode(), "and silence")
