"""The demo regency: what it holds (regency.toml, lists/), how it is brought about, and the page that guides through it."""
