"""Sends BYTES bytes at once, reads nothing until it is told to on its input, prints whether all came back.

Usage: bulk_client.py HOST PORT BYTES
"""
import hashlib
import os
import socket
import sys
import threading

payload = os.urandom(int(sys.argv[3]))
client = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def send():
    client.sendall(payload)
    client.shutdown(socket.SHUT_WR)


sending = threading.Thread(target=send)
sending.start()
input()
digest = hashlib.sha256()
while True:
    data = client.recv(65536)
    if not data:
        break
    digest.update(data)
sending.join()
print("the same" if digest.digest() == hashlib.sha256(payload).digest() else "not the same")
