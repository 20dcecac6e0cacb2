"""Settings: where each value comes from, what refuses to be read, and that the page about them is complete."""

import datetime as dt
import re
from pathlib import Path

import pytest

from ppid_saas.settings import OUTSIDE, PLAIN, ROLES, ROOT, SECRETS, Settings, SettingsError

PAGE = ROOT / "docs/settings.md"
ROW = re.compile(r"^\| `(PPID_[A-Z0-9_]+)` \| (.*?) \| (.*) \|$", re.MULTILINE)


def test_every_setting_is_on_the_page_and_nothing_else() -> None:
    named = [name for name, _, _ in ROW.findall(PAGE.read_text())]
    assert sorted(named) == sorted({*PLAIN, *SECRETS, *OUTSIDE})


def test_the_page_tells_the_true_defaults_and_which_are_secret() -> None:
    for name, default, meaning in ROW.findall(PAGE.read_text()):
        assert (name in SECRETS) == meaning.startswith("*secret*"), name
        if SECRETS.get(name):
            assert default == f"file `{SECRETS[name]}`"
        if PLAIN.get(name) and name != "PPID_DATA_DIR":
            assert default == f"`{PLAIN[name]}`"


def test_no_setting_is_read_past_the_settings() -> None:
    reading = re.compile(r"""(?:environ(?:\.get)?|getenv)[\[(]\s*["'](PPID_[A-Z0-9_]+)""")
    sources = [*(ROOT / "ppid_saas").rglob("*.py"), *(ROOT / "tenants").rglob("*.py")]
    read = {(path.name, name) for path in sources for name in reading.findall(path.read_text())}
    assert read == {
        ("clock.py", "PPID_CLOCK"),
        ("quality.py", "PPID_CHROMIUM"),
    }  # below the settings; outside them


def test_nothing_given_means_everything_embedded(tmp_path: Path) -> None:
    settings = Settings.from_env({"PPID_DATA_DIR": str(tmp_path), "PPID_SMTP_URL": ""})
    assert (settings.embeds_database, settings.embeds_redis, settings.embeds_s3) == (True, True, True)
    assert settings.smtp_url is None
    assert settings.clock is None
    assert settings.origins["console"] == "http://localhost:8403"
    assert Settings.from_env({}).data_dir == ROOT / "var"


def test_a_secret_comes_from_the_value_then_the_file_then_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/secret_key").write_text("from folder\n")
    (tmp_path / "mounted").write_text("from file\n")
    environ = {"PPID_DATA_DIR": str(tmp_path)}
    assert Settings.from_env(environ).secret_key == "from folder"
    environ["PPID_SECRET_KEY_FILE"] = str(tmp_path / "mounted")
    assert Settings.from_env(environ).secret_key == "from file"
    environ["PPID_SECRET_KEY"] = "from value"
    assert Settings.from_env(environ).secret_key == "from value"
    assert "from value" not in repr(Settings.from_env(environ))


def test_a_missing_secret_is_named_with_its_setting(tmp_path: Path) -> None:
    settings = Settings.from_env({"PPID_DATA_DIR": str(tmp_path)})
    with pytest.raises(SettingsError, match=r"secrets/db_app_public .* PPID_DB_PASSWORD_APP_PUBLIC"):
        settings.database_url("app_public")
    with pytest.raises(SettingsError, match="PPID_SECRET_KEY_FILE"):
        Settings.from_env({"PPID_SECRET_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize("role", ROLES)
def test_a_database_elsewhere_keeps_its_address_and_gets_the_role(role: str) -> None:
    settings = Settings.from_env(
        {
            "PPID_DATABASE_URL": "postgresql://someone:else@db.internal:6432/ppid?sslmode=require",
            f"PPID_DB_PASSWORD_{role.upper()}": "p@ss/wörd",
        }
    )
    assert not settings.embeds_database
    assert (
        settings.database_url(role)
        == f"postgresql+psycopg://{role}:p%40ss%2Fw%C3%B6rd@db.internal:6432/ppid?sslmode=require"
    )


def test_stores_elsewhere_keep_the_portals_keys_apart() -> None:
    environ = {
        "PPID_S3_ENDPOINT_URL": "https://s3.internal",
        "PPID_S3_ACCESS_KEY": "a",
        "PPID_S3_SECRET_KEY": "b",
        "PPID_PORTAL_S3_ACCESS_KEY": "c",
        "PPID_PORTAL_S3_SECRET_KEY": "d",
    }
    settings = Settings.from_env(environ)
    assert (settings.s3.access_key, settings.portal_s3.access_key) == ("a", "c")
    assert settings.portal_s3.endpoint_url == "https://s3.internal"
    elsewhere = Settings.from_env(environ | {"PPID_PORTAL_S3_ENDPOINT_URL": "https://public.internal"})
    assert elsewhere.portal_s3.endpoint_url == "https://public.internal"


@pytest.mark.parametrize("text", ["0", "65534", "tcp://10.0.0.1:80", "-1", "8400 "])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="PPID_PORT"):
        Settings.from_env({"PPID_PORT": text})


def test_the_clock_needs_its_zone() -> None:
    moved = Settings.from_env({"PPID_CLOCK": "2027-01-04T08:00+07:00"})
    assert moved.clock == dt.datetime(2027, 1, 4, 1, tzinfo=dt.UTC)
    for text in ("2027-01-04T08:00", "besok"):
        with pytest.raises(SettingsError, match="PPID_CLOCK"):
            Settings.from_env({"PPID_CLOCK": text})
