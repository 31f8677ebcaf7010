"""Only receives. Usage: greeting_client.py [HOST] [PORT]"""
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

client = socket.socket()
client.connect((host, port))
print(client.recv(1024).decode("utf-8"))
client.close()
