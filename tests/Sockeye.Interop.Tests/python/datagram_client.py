"""Sends its words as datagrams and prints each answer.

Usage: datagram_client.py udp HOST PORT WORD... | datagram_client.py unix PATH OWNPATH WORD...
"""
import socket
import sys

if sys.argv[1] == "udp":
    family = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET
    client = socket.socket(family, socket.SOCK_DGRAM)
    client.connect((sys.argv[2], int(sys.argv[3])))
else:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    client.bind(sys.argv[3])
    client.connect(sys.argv[2])

for word in sys.argv[4:]:
    client.send(word.encode("utf-8"))
    print(client.recv(65536).decode("utf-8"))
