"""The textbook's UDP client: sends what is typed, waits for one answer, prints it. Usage: udp_turns_client.py HOST PORT"""
import socket
import sys

server = (sys.argv[1], int(sys.argv[2]))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    words = line.rstrip("\n")
    client.sendto(words.encode("utf-8"), server)
    data, address = client.recvfrom(2048)
    print(words, "->", data.decode("utf-8"))
client.close()
