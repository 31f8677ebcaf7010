"""Is called, listens first, then takes turns; "quit" hangs up. Usage: phone_call_server.py [HOST] [PORT]"""
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, port))
server.listen(1)
print("listening on %s:%d" % server.getsockname())

call, address = server.accept()
while True:
    heard = call.recv(1024).decode("utf-8").strip()
    if heard in ("", "quit"):
        break
    print("heard:", heard)
    said = input()
    call.send(said.encode("utf-8"))
    if said == "quit":
        break
call.close()
print("hung up")
