"""The envelope of a stored file: one line with a checksum, so that a flipped bit is found."""

from __future__ import annotations

import hashlib
import re

from reproduce.errors import ReproduceError

_HEADER = re.compile(rb"reproduce-record 1 sha256:([0-9a-f]{64}) ([0-9]{1,15})\n")


class CorruptRecord(ReproduceError):
    """Bytes that are not, or no longer, what was stored."""


def wrap(payload: bytes) -> bytes:
    """The payload behind its header line."""
    checksum = hashlib.sha256(payload).hexdigest()
    return f"reproduce-record 1 sha256:{checksum} {len(payload)}\n".encode() + payload


def unwrap(data: bytes) -> bytes:
    """The payload, checked against its header line.

    Raises:
        CorruptRecord: another format, another length or another checksum.
    """
    header = _HEADER.match(data)
    if header is None:
        raise CorruptRecord("the header line is not that of a record of version 1")
    payload = data[header.end() :]
    length = int(header[2])
    if len(payload) != length:
        raise CorruptRecord(f"{len(payload)} bytes where the header says {length}")
    if hashlib.sha256(payload).hexdigest().encode() != header[1]:
        raise CorruptRecord("the bytes do not have the checksum of the header")
    return payload
