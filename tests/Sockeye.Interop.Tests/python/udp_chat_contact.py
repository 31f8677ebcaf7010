"""Says its name, if it has one, then takes turns with the operator. Usage: udp_chat_contact.py HOST PORT [NAME]"""
import socket
import sys

operator = (sys.argv[1], int(sys.argv[2]))
contact = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if len(sys.argv) > 3:
    contact.sendto(("I am " + sys.argv[3]).encode("utf-8"), operator)

for line in sys.stdin:
    words = line.rstrip("\n")
    contact.sendto(words.encode("utf-8"), operator)
    if words == "quit":
        break
    data, address = contact.recvfrom(2048)
    print("operator:", data.decode("utf-8"))
contact.close()
