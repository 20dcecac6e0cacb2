"""What the door takes out of a form before anyone reads it."""

from flask import request

from ppid_saas.web.shell import Surface


def test_a_form_holds_no_nul_and_loses_nothing_else() -> None:
    app = Surface("asked")
    with app.test_request_context("/", method="POST", data={"note": ["a\0b", "c"], "other": "\n d"}):
        assert request.form.getlist("note") == ["ab", "c"]
        assert request.form["other"] == "\n d"
