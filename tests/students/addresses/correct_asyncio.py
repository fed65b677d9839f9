"""Right: asyncio's streams; one_guest waits for its guest with sock_accept."""

import asyncio
import socket


async def hello(reader, writer):
    writer.write(b"hello\r\n")
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def serve_hello(host, port):
    server = await asyncio.start_server(hello, host, port)
    await server.serve_forever()


def greet(host, port):
    asyncio.run(serve_hello(host, port))


def welcome(host, port):
    asyncio.run(serve_hello(host or None, port))


def one_guest(host, port):
    async def main():
        loop = asyncio.get_running_loop()
        while True:
            with socket.create_server((host, port)) as listener:
                listener.setblocking(False)
                guest, _ = await loop.sock_accept(listener)
            with guest:
                await loop.sock_sendall(guest, b"hello\r\n")
                while await loop.sock_recv(guest, 1000):
                    pass

    asyncio.run(main())
