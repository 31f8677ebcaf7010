"""Answers in capitals until the client ends, then either says so or cuts: tls_server.py PEM order|cut"""
import socket
import ssl
import sys

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
context.set_alpn_protocols(["chat/1"])
with socket.create_server(("127.0.0.1", 0)) as listener:
    print("port", listener.getsockname()[1], flush=True)
    plain, _ = listener.accept()
    tls = context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=False)
    print("alpn", tls.selected_alpn_protocol(), flush=True)
    received = b""
    while True:
        more = tls.recv(1000)
        if not more:
            break
        received += more
    print("client ended in order", flush=True)
    tls.sendall(received.upper())
    if sys.argv[2] == "order":
        try:
            tls.unwrap()
        except (ssl.SSLError, OSError):
            pass  # the client's close_notify was taken by recv
    tls.close()
