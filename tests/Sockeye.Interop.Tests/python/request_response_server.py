"""Answers each request of one client after the other. Usage: request_response_server.py [HOST] [PORT]"""
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, port))
server.listen()
print("listening on %s:%d" % server.getsockname())

while True:
    client, address = server.accept()
    while True:
        data = client.recv(1024)
        if not data:
            break
        request = data.decode("utf-8").strip()
        print("request:", request)
        client.send(("Python heard " + request).encode("utf-8"))
    print("the client left")
    client.close()
