"""Sends frames in pieces that fit nothing, ends its side, reads frames until the other ends, and says whether they are the same.

Usage: frames.py CODEC HOST PORT HEX...         a frame each; CODEC as in Sockeye's Codecs.Parse

Every format is written down here once more, from its definition, so that it is not Sockeye agreeing with itself.
"""
import json
import random
import socket
import struct
import sys


class Cut(Exception):
    """The stream ended within a frame."""


def exactly(stream, size):
    data = stream.read(size)
    if len(data) < size:
        raise Cut
    return data


def length(format, self=False):
    own = struct.calcsize(format) if self else 0

    def encode(frame):
        return struct.pack(format, len(frame) + own) + frame

    def decode(stream):
        (size,) = struct.unpack(format, exactly(stream, struct.calcsize(format)))
        return exactly(stream, size - own)

    return encode, decode


def delimited(delimiter):
    def decode(stream):
        frame = b""
        while not frame.endswith(delimiter):
            frame += exactly(stream, 1)
        return frame[:-len(delimiter)]

    return lambda frame: frame + delimiter, decode


def fixed(size):
    return lambda frame: frame, lambda stream: exactly(stream, size)


def varint():
    def encode(frame):
        prefix, rest = [], len(frame)
        while rest > 127:
            prefix.append(rest % 128 + 128)
            rest //= 128
        return bytes(prefix + [rest]) + frame

    def decode(stream):
        size, factor = 0, 1
        while True:
            (byte,) = exactly(stream, 1)
            size += byte % 128 * factor
            factor *= 128
            if byte < 128:
                return exactly(stream, size)

    return encode, decode


def netstring():
    def decode(stream):
        digits = b""
        while not digits.endswith(b":"):
            digits += exactly(stream, 1)
        frame = exactly(stream, int(digits[:-1]))
        if exactly(stream, 1) != b",":
            raise ValueError("no comma")
        return frame

    return lambda frame: b"%d:%s," % (len(frame), frame), decode


def slip():
    def encode(frame):      # with no END in front, as many programs do
        return frame.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"

    def decode(stream):
        frame = b""
        while True:
            byte = exactly(stream, 1)
            if byte == b"\xc0":
                if frame:
                    return frame
            elif byte == b"\xdb":
                frame += {b"\xdc": b"\xc0", b"\xdd": b"\xdb"}[exactly(stream, 1)]
            else:
                frame += byte

    return encode, decode


def cobs():
    def encode(frame):
        wire, block = b"", b""
        for value in frame + b"\0":         # the zero that is not sent ends the last block
            if value == 0:
                wire += bytes([len(block) + 1]) + block
                block = b""
            else:
                block += bytes([value])
                if len(block) == 254:
                    wire += b"\xff" + block
                    block = b""
        return wire + b"\0"

    def decode(stream):
        stuffed = b""
        while not stuffed.endswith(b"\0"):
            stuffed += exactly(stream, 1)
        frame, position = b"", 0
        while position < len(stuffed) - 1:
            code = stuffed[position]
            frame += stuffed[position + 1:position + code]
            position += code
            if code < 255 and position < len(stuffed) - 1:
                frame += b"\0"
        return frame

    return encode, decode


def jsonl():
    return (lambda frame: json.dumps(json.loads(frame)).encode() + b"\n",
            lambda stream: json.dumps(json.loads(stream.readline())).encode())


CODECS = {
    "lines": delimited(b"\n"),
    "crlf": delimited(b"\r\n"),
    "delimiter:%00": delimited(b"\0"),
    "fixed:3": fixed(3),
    "length:1": length(">B"),
    "length:2:little": length("<H"),
    "length:4": length(">I"),
    "length:4:little:self": length("<I", self=True),
    "length:8:self": length(">Q", self=True),
    "varint": varint(),
    "netstring": netstring(),
    "slip": slip(),
    "cobs": cobs(),
    "jsonl": jsonl(),
}

encode, decode = CODECS[sys.argv[1]]
frames = [bytes.fromhex(each) for each in sys.argv[4:]]

client = socket.create_connection((sys.argv[2], int(sys.argv[3])))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
wire = b"".join(encode(frame) for frame in frames)
pieces = random.Random(11)
position = 0
while position < len(wire):
    size = 1 if position < 60 else pieces.randint(1, 90)
    client.sendall(wire[position:position + size])
    position += size
client.shutdown(socket.SHUT_WR)

stream = client.makefile("rb")
back = [decode(stream) for _ in frames]
rest = stream.read().strip(b"\xc0")         # SLIP's last END
print("the same %d frames" % len(frames) if back == frames and not rest else "others: %r, and %r" % (back, rest))
