"""Right: asyncio; a transport sends no empty datagram in Python 3.11, so its socket is used for those."""

import asyncio
import socket


class Bouncer(asyncio.DatagramProtocol):
    def __init__(self, sock):
        self.sock = sock

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if data:
            self.transport.sendto(data, addr)
        else:
            self.sock.sendto(b"", addr)


class Asker(asyncio.DatagramProtocol):
    def __init__(self, question):
        self.question = question
        self.answer = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        transport.sendto(self.question)

    def datagram_received(self, data, addr):
        if not self.answer.done():
            self.answer.set_result(data)

    def error_received(self, exc):
        if not self.answer.done():
            self.answer.set_exception(exc)


async def ask(host, port, question):
    loop = asyncio.get_running_loop()
    transport, asker = await loop.create_datagram_endpoint(lambda: Asker(question), remote_addr=(host, port))
    try:
        return await asker.answer
    finally:
        transport.close()


def bounce(host, port):
    async def main():
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((host, port))
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: Bouncer(sock), sock=sock)
        await asyncio.Event().wait()

    asyncio.run(main())


def tell(host, port, data):
    async def main():
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            for start in range(0, len(data), 30_000):
                await loop.sock_sendto(sock, data[start : start + 30_000], (host, port))
            await loop.sock_sendto(sock, b"", (host, port))

    asyncio.run(main())


def is_there(host, port, seconds):
    async def main():
        try:
            await asyncio.wait_for(ask(host, port, b"ping"), seconds)
        except (TimeoutError, ConnectionRefusedError):
            return False
        return True

    return asyncio.run(main())


def ask_both(host, ports):
    async def main():
        return tuple([await ask(host, port, b"?") for port in ports])

    return asyncio.run(main())
