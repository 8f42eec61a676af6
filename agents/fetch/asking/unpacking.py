"""Bodies as they come over the wire, unpacked piece by piece and never beyond a bound.

What the headers say is not believed: a body is unpacked for as long as it begins as gzip does, so that one packed twice,
packed without saying so (as a sitemap's `.xml.gz` is), or said to be packed and not, comes out as text.
"""

import zlib
from collections.abc import Iterator

MAGIC = b"\x1f\x8b"
#: Layers of gzip that are taken off.
MOST_LAYERS = 3
PIECE = 256 * 1024
#: Members of gzip in one layer. Servers that pack each part by itself send some hundreds; each costs the event loop some
#: microseconds, and a layer around them packs a million of them into nothing.
MOST_MEMBERS = 20_000


class TooLargeError(Exception):
    """A body is larger than its bound, or takes more to unpack than one within it."""


class PackingError(Exception):
    """A body is packed in a way that is not known, or is broken."""


class Unpacker:
    """Takes the pieces of a body and gives its bytes, at most `max_bytes` of them."""

    def __init__(self, encoding: str, max_bytes: int) -> None:
        """Raise `PackingError` for an encoding that is not known."""
        names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
        for name in names:
            if name not in ("gzip", "x-gzip", "deflate", "identity", "none", "utf-8", "utf8", "8bit", "binary"):
                raise PackingError(f"packed as {name[:40]}, which was not asked for")
        self._deflate = "deflate" in names
        self._max_bytes = max_bytes
        #: bytes that have come to each layer, and to the body
        self._passed = [0] * (MOST_LAYERS + 1)
        self._layers: list[Layer] = []
        self._head = b""
        self._open = True
        self.body = bytearray()

    def feed(self, data: bytes) -> None:
        """Take a piece; raise `TooLargeError` or `PackingError`."""
        if self._open:
            data = self._head = self._head + data
            if len(data) < len(MAGIC):
                return
            self._head = b""
        self._push(data, 0)

    def end(self) -> bytes:
        """Return the whole body; raise `PackingError` where a packed one broke off."""
        if self._open and self._head:
            self._open = False
            self._add(self._head)
        for layer in self._layers:
            if not layer.complete:
                raise PackingError("a packed body broke off")
        return bytes(self.body)

    def _push(self, data: bytes, depth: int) -> None:
        """Pass data through the layers from `depth` on; the first piece says whether there is another layer.

        No layer is given more than a body may have, however little comes out of it: what unpacks to nothing has no end.
        """
        self._passed[depth] += len(data)
        if self._passed[depth] > 2 * self._max_bytes + PIECE:
            raise TooLargeError
        if self._open and depth == len(self._layers):
            if data.startswith(MAGIC) and depth < MOST_LAYERS:
                self._layers.append(Layer(zlib.MAX_WBITS | 16))
            elif self._deflate and depth == 0 and (layer := deflated(data)) is not None:
                self._layers.append(layer)
            else:
                self._open = False
        if depth >= len(self._layers):
            self._add(data)
            return
        for piece in self._layers[depth].unpack(data):
            self._push(piece, depth + 1)

    def _add(self, data: bytes) -> None:
        self.body += data
        if len(self.body) > self._max_bytes:
            raise TooLargeError


class Layer:
    """One layer of gzip or deflate; several gzip members in a row are one body."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inflate = zlib.decompressobj(wbits)
        self._ended = False
        self._members = 1
        #: the beginning of what may be another member
        self._rest = b""

    @property
    def complete(self) -> bool:
        """Whether the packed data have come to their end."""
        return self._ended or self._inflate.eof

    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Unpack data in pieces of a bounded size; padding behind the end is dropped."""
        if self._inflate.eof:
            data, self._rest = self._rest + data, b""
            if not data.startswith(MAGIC):
                self._rest = data if MAGIC.startswith(data) else b""
                self._ended = not MAGIC.startswith(data)
                return
            self._begin_member()
        while data and not self._ended:
            try:
                piece = self._inflate.decompress(data, PIECE)
            except zlib.error as error:
                raise PackingError(f"a packed body is broken: {error}") from error
            if piece:
                yield piece
            if not self._inflate.eof:
                data = self._inflate.unconsumed_tail
                if not piece and not data:
                    return
                continue
            data = self._inflate.unused_data
            if data.startswith(MAGIC):
                self._begin_member()
            elif MAGIC.startswith(data):  # another member may begin with the next piece
                self._rest = data
                return
            else:
                self._ended = True

    def _begin_member(self) -> None:
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise TooLargeError
        self._inflate = zlib.decompressobj(self._wbits)


def deflated(data: bytes) -> Layer | None:
    """Return the layer of data said to be `deflate`: with zlib's header, or raw as some servers send it; None for neither."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            zlib.decompressobj(wbits).decompress(data[:512], 1024)
        except zlib.error:
            continue
        return Layer(wbits)
    return None
