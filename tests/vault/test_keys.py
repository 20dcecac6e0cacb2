"""The hierarchy of keys: root wraps tenant, tenant seals object, and each is tied to its place."""

from pathlib import Path

import pytest
import tink

from tenants.vault.keys import RootKey, RootKeyError, canonical, generate_tenant_key, seal, unseal

BOUND = canonical("ppid data key", "t", "o", "p", "r")


def root(tmp_path: Path, digit: str = "a") -> RootKey:
    path = tmp_path / f"root_{digit}"
    path.write_text(digit * 64 + "\n")
    path.chmod(0o600)
    return RootKey.load(path)


def test_what_is_sealed_to_a_tenant_opens_with_its_key_alone(tmp_path: Path):
    key = root(tmp_path)
    (public, wrapped), (other_public, other_wrapped) = generate_tenant_key(key), generate_tenant_key(key)
    sealed = seal(b"data key", public, BOUND)
    assert unseal(sealed, key.unwrap(wrapped, public), BOUND) == b"data key"
    with pytest.raises(tink.TinkError):
        unseal(sealed, key.unwrap(other_wrapped, other_public), BOUND)


def test_a_sealed_key_is_bound_to_its_object(tmp_path: Path):
    key = root(tmp_path)
    public, wrapped = generate_tenant_key(key)
    sealed = seal(b"data key", public, BOUND)
    for other in (("t", "o", "p", "x"), ("t", "o", "x", "r"), ("t", "x", "p", "r"), ("x", "o", "p", "r")):
        with pytest.raises(tink.TinkError):
            unseal(sealed, key.unwrap(wrapped, public), canonical("ppid data key", *other))


def test_bindings_cannot_be_shifted():
    assert canonical("a", "bc") != canonical("ab", "c")
    assert canonical('a","b', "c") != canonical("a", "b", "c")


def test_a_private_key_is_wrapped_by_this_root_for_this_public_key(tmp_path: Path):
    key, other = root(tmp_path), root(tmp_path, "b")
    (public, wrapped), (other_public, _) = generate_tenant_key(key), generate_tenant_key(key)
    assert wrapped not in generate_tenant_key(key)
    with pytest.raises(tink.TinkError):
        other.unwrap(wrapped, public)
    with pytest.raises(tink.TinkError):
        key.unwrap(wrapped, other_public)


def test_the_same_file_is_the_same_root(tmp_path: Path):
    public, wrapped = generate_tenant_key(root(tmp_path))
    assert root(tmp_path).unwrap(wrapped, public)


@pytest.mark.parametrize("content", ["", "a" * 62, "a" * 66, "bukan kunci", "é" * 64])
def test_a_broken_root_key_is_refused_by_name(tmp_path: Path, content: str):
    path = tmp_path / "root_key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(RootKeyError, match="root_key"):
        RootKey.load(path)


def test_a_missing_or_open_root_key_is_refused(tmp_path: Path):
    path = tmp_path / "root_key"
    with pytest.raises(RootKeyError, match="root_key"):
        RootKey.load(path)
    assert not path.exists()
    path.write_text("a" * 64)
    path.chmod(0o604)
    with pytest.raises(RootKeyError, match="chmod 600"):
        RootKey.load(path)
