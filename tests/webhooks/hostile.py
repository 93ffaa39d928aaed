"""Ways in which a receiver wastes the time and the memory of who sends to it."""

import time

CHUNK = b"x" * 65_536


def a_gigabyte(_, handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(16_384):
        handler.wfile.write(CHUNK)


def slow_headers(_, handler):
    for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000:
        handler.wfile.write(bytes([letter]))
        time.sleep(0.1)


def slow_body(_, handler):
    handler.send_response(200)
    handler.end_headers()
    for letter in range(100):
        handler.wfile.write(b"%d" % (letter % 10))
        time.sleep(0.1)


def nothing(_, handler):
    time.sleep(3)


def endless_headers(_, handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(90):
        handler.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 60_000))
    handler.wfile.write(b"\r\n")


def endless_continue(_, handler):
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


ALL = (a_gigabyte, slow_headers, slow_body, nothing, endless_headers, endless_continue)
