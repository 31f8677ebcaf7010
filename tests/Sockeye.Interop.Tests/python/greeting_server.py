"""Thanks whoever connects, then closes. Usage: greeting_server.py [HOST] [PORT]"""
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, port))
server.listen(5)
print("listening on %s:%d" % server.getsockname())

while True:
    client, address = server.accept()
    print("connected:", address[0])
    client.send("Thank you for connecting, 谢谢".encode("utf-8"))
    client.close()
