"""Sends its words as messages before it reads one, prints each answer in a line of its own. Usage: seqpacket_client.py PATH WORD..."""
import socket
import sys

path = sys.argv[1]
client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
client.connect("\0" + path[1:] if path.startswith("@") else path)
for word in sys.argv[2:]:
    client.send(word.encode("utf-8"))
for _ in sys.argv[2:]:
    print("message: " + client.recv(65536).decode("utf-8"))
client.close()
print("end")
