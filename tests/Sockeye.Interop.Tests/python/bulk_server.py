"""Reads nothing until it is told to on its input; then takes all there is, answers with its SHA-256 and ends.

Usage: bulk_server.py HOST PORT
"""
import hashlib
import socket
import sys

server = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("listening on %s:%d" % server.getsockname())
client, _ = server.accept()
input()
digest = hashlib.sha256()
while True:
    data = client.recv(65536)
    if not data:
        break
    digest.update(data)
client.sendall((digest.hexdigest() + "\n").encode("utf-8"))
client.close()
