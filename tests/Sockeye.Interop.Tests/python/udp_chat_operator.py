"""Hears contacts, and answers each datagram with the next line that is typed. Usage: udp_chat_operator.py [HOST] [PORT]"""
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

operator = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
operator.bind((host, port))
print("listening on %s:%d" % operator.getsockname())

names = {}
while True:
    data, address = operator.recvfrom(2048)
    words = data.decode("utf-8")
    if words.startswith("I am "):
        names[address] = words[len("I am "):]
        print(names[address], "is there")
    elif words == "quit":
        print(names.pop(address), "left")
    else:
        print("%s: %s" % (names.get(address, address), words))
        operator.sendto(input().encode("utf-8"), address)
