"""Right: asyncio with bare sockets, sock_recvfrom and sock_sendto; both servers are asked at the same time."""

import asyncio
import socket


def bounce(host, port):
    async def main():
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.setblocking(False)
            s.bind((host, port))
            while True:
                data, addr = await loop.sock_recvfrom(s, 65536)
                await loop.sock_sendto(s, data, addr)

    asyncio.run(main())


def is_there(host, port, seconds):
    async def main():
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.setblocking(False)
            await loop.sock_sendto(s, b"ping", (host, port))
            try:
                async with asyncio.timeout(seconds):
                    while True:
                        _, sender = await loop.sock_recvfrom(s, 512)
                        if sender == (host, port):
                            return True
            except TimeoutError:
                return False

    return asyncio.run(main())


def ask_both(host, ports):
    async def ask(port):
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.setblocking(False)
            await loop.sock_connect(s, (host, port))
            await loop.sock_sendall(s, b"?")
            return await loop.sock_recv(s, 512)

    async def main():
        return await asyncio.gather(*map(ask, ports))

    return tuple(asyncio.run(main()))
