"""Not one of the sixty: takes lines that came together from the end of the list, so the last is answered first."""

import asyncio

FAILS = ("mirror-lines",)
NAMED = None


class MirrorProtocol(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()

    def data_received(self, data):
        self.buffer += data
        todo = self.buffer.split(b"\r\n")
        self.buffer = todo.pop()
        while todo:
            text = todo.pop().decode("utf-8")
            self.transport.write(text[::-1].encode("utf-8") + b"\r\n")
        if len(self.buffer) > LONGEST:
            self.transport.abort()


def mirror(host, port):
    async def main():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(MirrorProtocol, host, port)
        await server.serve_forever()

    asyncio.run(main())
