"""Says who it is, sends a word, ends its side, prints what it hears and how that ends. Usage: relay_client.py HOST PORT WORD"""
import socket
import sys

heard = b""
try:
    client = socket.create_connection((sys.argv[1], int(sys.argv[2])), 60)
    print("I am %s:%d" % client.getsockname())
    client.sendall(sys.argv[3].encode())
    client.shutdown(socket.SHUT_WR)
    while part := client.recv(65536):
        heard += part
    print("heard", heard.decode(), "and the end")
except OSError as error:
    print("heard", heard.decode(), "and", type(error).__name__)
