"""Passes descriptors over a Unix socket: takes a file, adds a line to it, then sends one of its own with words in it.

Usage: descriptors.py PATH
"""
import os
import socket
import sys
import tempfile

peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
peer.connect(sys.argv[1])

words, descriptors, flags, address = socket.recv_fds(peer, 1024, 4)
print("received %d with: %s" % (len(descriptors), words.decode("utf-8")))
os.write(descriptors[0], "Python 写的\n".encode("utf-8"))

with tempfile.TemporaryFile() as own:
    own.write("从 Python 来\n".encode("utf-8"))
    own.flush()
    own.seek(0)
    socket.send_fds(peer, ["文件".encode("utf-8")], [own.fileno()])
    peer.recv(1)
