"""Listens, and becomes HAProxy, which is given the socket: who connects from here on waits in its queue until HAProxy takes it.

Usage: haproxy.py PATH FILE; FILE is the configuration, and binds to fd@${LISTENER}.
"""
import os
import socket
import sys

listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(128)
listener.set_inheritable(True)
os.environ["LISTENER"] = str(listener.fileno())
print("listening on", sys.argv[1], flush=True)
os.execvp("haproxy", ["haproxy", "-db", "-V", "-f", sys.argv[2]])
