"""A small site around the templates, with the strict content policy every surface has. Not the product's app."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, render_template
from jinja2 import ChoiceLoader, FileSystemLoader

from ppid_saas.web import assets, formats, gallery, languages

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def job_steps() -> Iterator[dict[str, object]]:
    running = gallery.JOB | {"fragment_url": "/pekerjaan/langkah", "poll_seconds": 0.05}
    yield running | {"done": 2500, "step": "Memeriksa baris 2.500 dari 5.000", "announce": "50 persen"}
    yield running | {"state": "finished", "result_text": "46 butir siap.", "result_url": "/"}


def add_pages(app: Flask) -> None:
    state = {"steps": job_steps(), "polls": 0}

    @app.get("/")
    def show_gallery() -> str:
        return render_template("gallery.html", **gallery.VALUES)

    @app.get("/galat/<int:code>")
    def show_error(code: int) -> str:
        return render_template(f"errors/{code}.html", reference="7KQ2-9XMD", minutes=4, limit=10 * 1024**2)

    @app.get("/akun/<name>")
    def show_account(name: str) -> str:
        invitation = {
            "person": "Petugas Contoh",
            "email": "petugas@contoh.test",
            "space": "Dinas Kesehatan",
            "role": "Petugas unit",
        }
        spaces = [
            {"label": "Dinas Kesehatan", "url": "#", "role": "Petugas unit", "count": 3},
            {"label": "PPID Utama", "url": "#", "role": "Auditor"},
        ]
        return render_template(
            f"accounts/{name}.html", invitation=invitation, role="Petugas unit", spaces=spaces
        )

    @app.post("/akun/<name>")
    def refuse_account(name: str) -> tuple[str, int]:
        wrong = {"email": "Tulis alamat surel Anda.", "password": "Tulis kata sandi Anda."}
        return render_template(f"accounts/{name}.html", errors=wrong), 422

    @app.get("/pekerjaan")
    def show_job() -> str:
        state.update(steps=job_steps(), polls=0)
        job = gallery.JOB | {"fragment_url": "/pekerjaan/langkah", "poll_seconds": 0.05}
        return render_template("job_page.html", job=job, frame=gallery.FRAME)

    @app.get("/pekerjaan/langkah")
    def show_step() -> Response | str:
        state["polls"] += 1
        return render_template("job_step.html", job=next(state["steps"]))

    @app.get("/pekerjaan/hitung")
    def count_polls() -> str:
        return str(state["polls"])

    @app.get("/terbit")
    def show_portal() -> str:
        return render_template("portal_page.html", frame=gallery.FRAME)

    @app.get("/cetak")
    def show_paper() -> str:
        return render_template("print_page.html", draft=True)

    @app.get("/")
    def nothing() -> str:
        return ""


def make_site() -> Flask:
    app = Flask("gallery", static_folder=None)
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(assets.TEMPLATES), FileSystemLoader(Path(__file__).parent / "templates")]
    )
    app.jinja_env.globals.update(
        csp_nonce=lambda: "nonce", csrf_token=lambda: "token", origins={"portal": ""}
    )
    languages.init_languages(app, "portal")
    assets.init_assets(app)
    formats.init_formats(app)
    add_pages(app)

    @app.after_request
    def guard(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    return app
