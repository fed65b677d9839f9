"""Right: an asyncio protocol, which stops reading while its transport is full."""

import asyncio


class Mirror(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.tail = b""

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()

    def data_received(self, data):
        self.tail += data
        while True:
            line, found, rest = self.tail.partition(b"\r\n")
            if not found:
                break
            self.tail = rest
            self.transport.write(line.decode()[::-1].encode() + found)
        if len(self.tail) > LONGEST:
            self.transport.abort()


async def main(host, port):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Mirror, host, port)
    await server.serve_forever()


def mirror(host, port):
    asyncio.run(main(host, port))
