"""Sends its lines all at once, ends its side, prints all that comes until the other side ends.

Usage: stream_client.py tcp HOST PORT LINE... | stream_client.py unix PATH LINE...    (a PATH that begins with @ is abstract)
"""
import socket
import sys

if sys.argv[1] == "tcp":
    client = socket.create_connection((sys.argv[2], int(sys.argv[3])))
    lines = sys.argv[4:]
else:
    path = sys.argv[2]
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect("\0" + path[1:] if path.startswith("@") else path)
    lines = sys.argv[3:]

client.sendall("".join(line + "\n" for line in lines).encode("utf-8"))
client.shutdown(socket.SHUT_WR)
while True:
    data = client.recv(4096)
    if not data:
        break
    sys.stdout.buffer.write(data)
sys.stdout.buffer.flush()
print("end")
