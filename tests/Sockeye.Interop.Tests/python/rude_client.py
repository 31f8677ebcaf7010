"""Sends some words, hears an answer, and resets the connection (SO_LINGER 0). Usage: rude_client.py HOST PORT [WORDS]"""
import socket
import struct
import sys

client = socket.create_connection((sys.argv[1], int(sys.argv[2])))
if len(sys.argv) > 3:
    client.sendall((sys.argv[3] + "\n").encode("utf-8"))
print(client.recv(1024).decode("utf-8").strip())
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
client.close()
print("reset")
