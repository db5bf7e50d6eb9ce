"""64-bit hashes of byte strings: FarmHash (the fingerprint), MurmurHash, and SipHash with a key."""

from __future__ import annotations

import struct

_MASK = 2**64 - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def _rotated(x: int, bits: int) -> int:
    """x with its low `bits` bits moved to the top."""
    x &= _MASK
    return (x >> bits | x << (64 - bits)) & _MASK


def _mixed(x: int) -> int:
    x &= _MASK
    return x ^ x >> 47


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 8], "little")


def _joined(u: int, v: int, mul: int) -> int:
    """Two words as one."""
    a = _mixed((u ^ v) * mul)
    b = _mixed((v ^ a) * mul)
    return b * mul & _MASK


def fingerprint64(data: bytes) -> int:
    """FarmHash's 64-bit fingerprint."""
    size = len(data)
    if size <= 16:
        return _up_to_16(data, size)
    if size <= 32:
        return _up_to_32(data, size)
    return _up_to_64(data, size) if size <= 64 else _longer(data, size)


def _up_to_16(data: bytes, size: int) -> int:
    mul = _K2 + size * 2
    if size >= 8:
        a = _word(data, 0) + _K2
        b = _word(data, size - 8)
        return _joined(_rotated(b, 37) * mul + a & _MASK, (_rotated(a, 25) + b) * mul & _MASK, mul)
    if size >= 4:
        first, last = (int.from_bytes(d, "little") for d in (data[:4], data[-4:]))
        return _joined(size + (first << 3), last, mul)
    if size == 0:
        return _K2
    y = data[0] + (data[size >> 1] << 8)
    z = size + (data[-1] << 2)
    return _mixed(y * _K2 ^ z * _K0) * _K2 & _MASK


def _ends(data: bytes, size: int, mul: int, factor: int) -> tuple[int, int, int, int]:
    """The first and the last two words, multiplied."""
    return (
        _word(data, 0) * factor & _MASK,
        _word(data, 8),
        _word(data, size - 8) * mul & _MASK,
        _word(data, size - 16) * _K2 & _MASK,
    )


def _up_to_32(data: bytes, size: int) -> int:
    mul = _K2 + size * 2
    a, b, c, d = _ends(data, size, mul, _K1)
    u = _rotated(a + b, 43) + _rotated(c, 30) + d & _MASK
    return _joined(u, a + _rotated(b + _K2, 18) + c & _MASK, mul)


def _up_to_64(data: bytes, size: int) -> int:
    mul = _K2 + size * 2
    a, b, c, d = _ends(data, size, mul, _K2)
    y = _rotated(a + b, 43) + _rotated(c, 30) + d & _MASK
    z = _joined(y, a + _rotated(b + _K2, 18) + c & _MASK, mul)
    e = _word(data, 16) * mul & _MASK
    f = _word(data, 24)
    g = (y + _word(data, size - 32)) * mul & _MASK
    h = (z + _word(data, size - 24)) * mul & _MASK
    u = _rotated(e + f, 43) + _rotated(g, 30) + h & _MASK
    return _joined(u, e + _rotated(f + a, 18) + g & _MASK, mul)


def _four_words(data: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    """Two seeds stirred with the 32 bytes that start at `at`."""
    w, x, y, z = struct.unpack_from("<4Q", data, at)
    a = a + w & _MASK
    b = _rotated(b + a + z, 21)
    c = a
    a = a + x + y & _MASK
    b = b + _rotated(a, 44)
    return a + z & _MASK, b + c & _MASK


def _longer(data: bytes, size: int) -> int:
    x, y = 81, 81 * _K1 + 113 & _MASK
    z = _mixed(y * _K2 + 113) * _K2 & _MASK
    v, w = (0, 0), (0, 0)
    x = x * _K2 + _word(data, 0) & _MASK
    tail = (size - 1) & 63
    for at in range(0, (size - 1) // 64 * 64, 64):
        x, y, z, v, w = _block(data, at, x, y, z, v, w, _K1, 1)
    mul = _K1 + ((z & 0xFF) << 1)
    w = (w[0] + tail & _MASK, w[1])
    v = (v[0] + w[0] & _MASK, v[1])
    w = (w[0] + v[0] & _MASK, w[1])
    x, y, z, v, w = _block(data, size - 64, x, y, z, v, w, mul, 9)
    u = _joined(v[0], w[0], mul) + _mixed(y) * _K0 + z & _MASK
    return _joined(u, _joined(v[1], w[1], mul) + x & _MASK, mul)


def _block(
    data: bytes,
    at: int,
    x: int,
    y: int,
    z: int,
    v: tuple[int, int],
    w: tuple[int, int],
    mul: int,
    weight: int,
) -> tuple[int, int, int, tuple[int, int], tuple[int, int]]:
    """One block of 64 bytes stirred in."""
    x = _rotated(x + y + v[0] + _word(data, at + 8), 37) * mul & _MASK
    y = _rotated(y + v[1] + _word(data, at + 48), 42) * mul & _MASK
    x ^= w[1] * weight & _MASK
    y = y + v[0] * weight + _word(data, at + 40) & _MASK
    z = _rotated(z + w[0], 33) * mul & _MASK
    v = _four_words(data, at, v[1] * mul & _MASK, x + w[0] & _MASK)
    w = _four_words(data, at + 32, z + w[1] & _MASK, y + _word(data, at + 16) & _MASK)
    return z, y, x, v, w


def hash64(data: bytes, seed: int = 0xDECAFCAFFE) -> int:
    """MurmurHash64A."""
    mul, shift = 0xC6A4A7935BD1E995, 47
    h = seed ^ len(data) * mul & _MASK
    whole = len(data) // 8 * 8
    for at in range(0, whole, 8):
        k = _word(data, at) * mul & _MASK
        k = (k ^ k >> shift) * mul & _MASK
        h = (h ^ k) * mul & _MASK
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * mul & _MASK
    h = (h ^ h >> shift) * mul & _MASK
    return h ^ h >> shift


def keyed_hash64(data: bytes, key: tuple[int, int]) -> int:
    """SipHash-2-4 under a key of two words, which nobody who lacks the key can steer."""
    k0, k1 = key[0] & _MASK, key[1] & _MASK
    state = [
        k0 ^ 0x736F6D6570736575,
        k1 ^ 0x646F72616E646F6D,
        k0 ^ 0x6C7967656E657261,
        k1 ^ 0x7465646279746573,
    ]
    whole = len(data) // 8 * 8
    last = int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56
    for m in (*(_word(data, at) for at in range(0, whole, 8)), last):
        state[3] ^= m
        _sip_rounds(state, 2)
        state[0] ^= m
    state[2] ^= 0xFF
    _sip_rounds(state, 4)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _sip_rounds(v: list[int], count: int) -> None:
    """So many rounds of SipHash, in place."""
    for _ in range(count):
        v[0] = v[0] + v[1] & _MASK
        v[1] = _rotated(v[1], 51) ^ v[0]
        v[0] = _rotated(v[0], 32)
        v[2] = v[2] + v[3] & _MASK
        v[3] = _rotated(v[3], 48) ^ v[2]
        v[0] = v[0] + v[3] & _MASK
        v[3] = _rotated(v[3], 43) ^ v[0]
        v[2] = v[2] + v[1] & _MASK
        v[1] = _rotated(v[1], 47) ^ v[2]
        v[2] = _rotated(v[2], 32)
