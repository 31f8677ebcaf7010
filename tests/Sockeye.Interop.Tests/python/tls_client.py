"""Sends a line, ends its direction, reads to the end: tls_client.py PORT CA"""
import socket
import ssl
import sys

port, authority = int(sys.argv[1]), sys.argv[2]
context = ssl.create_default_context(cafile=authority)
with socket.create_connection(("127.0.0.1", port)) as plain:
    with context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False) as tls:
        print("version", tls.version(), flush=True)
        tls.sendall(b"hello\n")
        answer = b""
        while not answer.endswith(b"\n"):
            answer += tls.recv(1000)
        print("answer", answer.decode().strip(), flush=True)
        tls.sendall(b"end\n")
        while True:
            more = tls.recv(1000)
            if not more:
                break
            answer += more
        print("in order", len(answer), flush=True)
