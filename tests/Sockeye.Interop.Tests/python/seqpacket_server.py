"""Messages over a Unix SEQPACKET socket: each comes back with its number and its length. Usage: seqpacket_server.py PATH"""
import socket
import sys

server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.bind(sys.argv[1])
server.listen()
print("listening on " + server.getsockname())

while True:
    client, _ = server.accept()
    number = 0
    while True:
        message = client.recv(65536)
        if not message:
            break
        number += 1
        client.send(("%d:%d:" % (number, len(message))).encode("utf-8") + message)
    print("heard %d messages" % number)
    client.close()
