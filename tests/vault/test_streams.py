"""The object format: sizes known beforehand, and nothing opened that was touched. Pure, no store."""

import hashlib
import io

import pytest
import tink

from tenants.vault import parts, stored_size
from tenants.vault.streams import decrypting, encrypt, new_data_key

SEGMENT = 1024 * 1024
FIRST = SEGMENT - 56
LATER = SEGMENT - 16
SIZES = (0, 1, 4096, FIRST - 1, FIRST, FIRST + 1, SEGMENT, FIRST + LATER, FIRST + LATER + 1, 5 * 1024 * 1024)
BOUND = b"tenant, object, purpose"


def body(size: int) -> bytes:
    return (bytes(range(256)) * (size // 256 + 1))[:size]


def ciphertext(plain: bytes, key: bytes, bound: bytes = BOUND) -> bytes:
    return bytes(parts.read_full(encrypt(io.BytesIO(plain), key, bound), stored_size(len(plain)) + 1))


def opened(cipher: bytes, key: bytes, bound: bytes = BOUND) -> bytes:
    with decrypting(io.BytesIO(cipher), key, bound) as stream:
        return stream.read()


@pytest.mark.parametrize("size", SIZES)
def test_round_trip_and_size_known_beforehand(size: int):
    key, plain = new_data_key(), body(size)
    sealing = encrypt(io.BytesIO(plain), key, BOUND)
    cipher = parts.read_full(sealing, stored_size(size) + 1)
    assert (sealing.size, sealing.sha_plain) == (size, hashlib.sha256(plain).hexdigest())
    assert (sealing.stored_size, sealing.sha_cipher) == (len(cipher), hashlib.sha256(cipher).hexdigest())
    assert len(cipher) == stored_size(size)
    assert opened(bytes(cipher), key) == plain


@pytest.mark.parametrize("size", [0, 1, FIRST, FIRST + LATER + 9])
def test_a_flipped_bit_anywhere_is_found(size: int):
    key = new_data_key()
    cipher = ciphertext(body(size), key)
    places = {0, 1, 20, 39, 40, len(cipher) // 2, len(cipher) - 17, len(cipher) - 1}
    for place in places & set(range(len(cipher))):
        for bit in (1, 128):
            touched = bytearray(cipher)
            touched[place] ^= bit
            with pytest.raises(tink.TinkError):
                opened(bytes(touched), key)


def test_cut_or_lengthened_objects_are_found():
    key = new_data_key()
    cipher = ciphertext(body(4 * SEGMENT), key)
    for length in (0, 1, 39, 40, 56, SEGMENT, 2 * SEGMENT, 3 * SEGMENT, len(cipher) - 1):
        with pytest.raises(tink.TinkError):
            opened(cipher[:length], key)
    with pytest.raises(tink.TinkError):
        opened(cipher + b"\0", key)


def test_reordered_and_repeated_segments_are_found():
    key = new_data_key()
    cipher = ciphertext(body(4 * SEGMENT), key)
    parts = [cipher[i : i + SEGMENT] for i in range(0, len(cipher), SEGMENT)]
    for order in ((0, 2, 1, 3, 4), (0, 1, 1, 3, 4), (0, 1, 3, 4), (1, 0, 2, 3, 4)):
        with pytest.raises(tink.TinkError):
            opened(b"".join(parts[i] for i in order), key)


def test_a_segment_of_another_object_is_found():
    key = new_data_key()
    one, two = ciphertext(body(3 * SEGMENT), key), ciphertext(body(3 * SEGMENT), key)
    with pytest.raises(tink.TinkError):
        opened(one[:SEGMENT] + two[SEGMENT : 2 * SEGMENT] + one[2 * SEGMENT :], key)


def test_another_key_or_binding_opens_nothing():
    key = new_data_key()
    cipher = ciphertext(b"isi", key)
    with pytest.raises(tink.TinkError):
        opened(cipher, new_data_key())
    with pytest.raises(tink.TinkError):
        opened(cipher, key, BOUND + b".")


def test_the_same_bytes_never_look_the_same():
    key = new_data_key()
    assert ciphertext(b"isi", key) != ciphertext(b"isi", key)
