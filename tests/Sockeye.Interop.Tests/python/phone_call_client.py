"""Calls, speaks first, then takes turns; "quit" hangs up. Usage: phone_call_client.py [HOST] [PORT]"""
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

call = socket.socket()
call.connect((host, port))
while True:
    said = input()
    call.send(said.encode("utf-8"))
    if said == "quit":
        break
    heard = call.recv(1024).decode("utf-8").strip()
    if heard in ("", "quit"):
        break
    print("heard:", heard)
call.close()
print("hung up")
