"""Accepts one client and hears a line; then ends as it is told: "close", or "reset" (SO_LINGER 0). Says how the client ended.

Usage: end_server.py HOST PORT close|reset|wait
"""
import socket
import struct
import sys

server = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("listening on %s:%d" % server.getsockname())
client, _ = server.accept()
print("heard: " + client.recv(1024).decode("utf-8").strip())
if sys.argv[3] == "reset":
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
if sys.argv[3] == "wait":
    try:
        print("the client ended in order" if client.recv(1024) == b"" else "the client went on")
    except ConnectionResetError:
        print("the client reset the connection")
client.close()
