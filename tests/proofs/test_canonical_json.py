"""RFC 8785: one form of bytes, whatever the order of keys and the way numbers were written."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppid_saas.proofs import canonical, digest

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def test_vector_of_the_rfc():
    """RFC 8785 section 3.2.2: numbers, escapes, literals."""
    source = r"""{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"""
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(json.loads(source)) == expected.encode()


def test_keys_are_sorted_by_utf16():
    assert (
        canonical({"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "ö": 6})
        == '{"\\r":2,"1":4,"ö":6,"€":1,"😀":5,"\ufb33":3}'.encode()
    )


def test_digest_is_sha256_of_those_bytes():
    assert digest({"b": 1, "a": []}) == hashlib.sha256(b'{"a":[],"b":1}').hexdigest()


@given(VALUES)
def test_same_content_same_digest(value: Any):
    again = json.loads(json.dumps(value), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert digest(again) == digest(value)
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize("value", [float("nan"), 2**53, object(), {1: "a"}])
def test_what_has_no_canonical_form_is_refused(value: Any):
    with pytest.raises((ValueError, TypeError)):
        canonical(value)
