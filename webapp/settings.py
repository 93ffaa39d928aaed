"""Every knob of Gatebook: read once from the environment (or `.env`), checked, and documented here.

Only `HOST` and `PORT`, where the shipped server listens, belong to the process; `webapp/server.py`
reads them.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.kernel.mail import sender_in

PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Whole numbers, each with its minimum and maximum.
RANGES = {
    "trusted_proxies": (0, 9),
    "session_idle_minutes": (1, 24 * 60),
    "session_hours": (1, 24 * 14),
    "api_requests_per_minute": (1, 1_000_000),
    "deletions_per_day": (0, 100_000),
    "second_person_above": (0, 10_000),
    "refuse_duplicates": (0, 1),
    "webhooks_to_loopback": (0, 1),
    "records_per_hour": (100, 10_000_000),
    "workers": (2, 64),
    "threads": (1, 64),
}
KEYS = ("secret_key", "history_key", "root_key")
HOW_TO_MAKE_KEYS = (
    "Run `make env`, which writes random keys to .env, "
    "or set it to what `openssl rand -hex 32` says."
)


class SettingsError(SystemExit):
    """A setting is missing or invalid. The message is one
    sentence that says what to do; the process exits with it.
    """


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator can set. Each field is the variable `GATEBOOK_` plus its name in capitals.

    Attributes:
        secret_key: Signs cookies, and encrypts searches and the secrets of second factors, which
            are lost with it; at least 32 random characters. Required.
        history_key: Key of the history's MAC chain; never change it for a book. Required.
        root_key: Signs the roots of the history that are kept outside the book; at least 32 random
            characters, apart from both other keys. Without it there are none.
        roots_to: Where they are kept, comma-separated: paths of files, `https` addresses that take
            a POST, or `log` for the log stream.
        database_url: SQLAlchemy URL; a relative SQLite path starts at the project's folder.
        public_url: What people type to reach Gatebook; by default, `PORT` on this machine. Its
            scheme decides about `Secure`, `__Host-` and HSTS; its host, which `Host` headers are
            answered.
        trusted_proxies: How many reverse proxies set `X-Forwarded-For` and `-Proto`.
        session_idle_minutes: A session ends after being unused for this long.
        session_hours: A session ends this long after signing in, used or not.
        time_zone: IANA zone of people who chose none and whose browser reported none.
        countries: ISO codes of the countries offered first, comma-separated, such as `NG,GH,KE`.
        api_requests_per_minute: How many calls each API key may make in a minute.
        deletions_per_day: How many customers one person or program may delete alone in 24 hours.
        second_person_above: Above how many customers a selection needs a second person.
        refuse_duplicates: 1 refuses programs that add a probable duplicate without saying so.
        webhooks_to_loopback: 1 lets webhooks go to this machine too, for development.
        files_to: The folder of files that people send, each for a day at most; by default, one
            beside the book. Where several machines serve a book, they share it.
        records_per_hour: How many customers one may look at in an hour; then pages come slowly.
        workers: Processes of the shipped server; at least 2.
        threads: Threads in each process.
        links: Other systems that know the customer, comma-separated, such as
            `Payments=https://pay.example.com/?customer={reference}`.
        smtp_url: The mail server for the daily e-mail, if any, such as
            `smtps://user:password@mail.example.com?from=gatebook@example.com`.
        log_level: `DEBUG`, `INFO`, `WARNING` or `ERROR`.
    """

    secret_key: str
    history_key: str
    root_key: str = ""
    roots_to: tuple[str, ...] = ()
    database_url: str = "sqlite:///instance/gatebook.db"
    public_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    session_idle_minutes: int = 60
    session_hours: int = 12
    time_zone: str = "UTC"
    countries: tuple[str, ...] = ()
    api_requests_per_minute: int = 600
    deletions_per_day: int = 20
    second_person_above: int = 100
    refuse_duplicates: int = 0
    webhooks_to_loopback: int = 0
    files_to: str = ""
    records_per_hour: int = 30_000
    workers: int = 2
    threads: int = 4
    links: tuple[tuple[str, str], ...] = ()
    smtp_url: str = ""
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str | None] | None = None) -> "Settings":
        """Read and check the settings.

        Args:
            environment: For tests; by default `.env` in the project's folder, overridden by the
                process environment.

        Raises:
            SettingsError: a variable is missing, weak, misspelt or out of range.
        """
        if environment is None:
            environment = dotenv_values(PROJECT / ".env") | dict(os.environ)
        raw = {
            name.removeprefix("GATEBOOK_").lower(): value
            for name, value in environment.items()
            if name.startswith("GATEBOOK_") and value
        }
        _refuse_unknown(raw)
        keys = [raw[name] for name in KEYS if raw.get(name)]
        if len(set(keys)) < len(keys):
            names = [f"GATEBOOK_{name.upper()}" for name in KEYS if raw.get(name)]
            raise SettingsError(f"{' and '.join(names)} must differ. {HOW_TO_MAKE_KEYS}")
        return cls(
            secret_key=_strong_key(raw, "secret_key"),
            history_key=_strong_key(raw, "history_key"),
            root_key=_strong_key(raw, "root_key") if raw.get("root_key") else "",
            roots_to=_roots_to(raw),
            database_url=_database_url(raw.get("database_url", cls.database_url)),
            public_url=_public_url(raw.get("public_url") or _own_address(environment)),
            time_zone=_time_zone(raw.get("time_zone", cls.time_zone)),
            countries=_countries(raw.get("countries", "")),
            files_to=raw.get("files_to", ""),
            links=_links(raw.get("links", "")),
            smtp_url=_smtp_url(raw.get("smtp_url", "")),
            log_level=_log_level(raw.get("log_level", cls.log_level)),
            **{name: _whole_number(raw, name) for name in RANGES},
        )

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def files_folder(self) -> Path:
        """Where files are kept that people send."""
        beside = self.database_url.removeprefix("sqlite:///")
        is_file = self.database_url.startswith("sqlite:///")
        return Path(self.files_to or (f"{beside}.files" if is_file else PROJECT / "instance/files"))

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def _refuse_unknown(raw: Mapping[str, str]) -> None:
    unknown = sorted(set(raw) - set(Settings.__dataclass_fields__))
    if unknown:
        raise SettingsError(
            f"GATEBOOK_{unknown[0].upper()} is not a setting of Gatebook; "
            "webapp/settings.py lists them."
        )


def _strong_key(raw: Mapping[str, str], name: str) -> str:
    variable, key = f"GATEBOOK_{name.upper()}", raw.get(name, "")
    if not key:
        raise SettingsError(f"{variable} is not set. {HOW_TO_MAKE_KEYS}")
    if len(key) < 32 or len(set(key)) < 10:
        raise SettingsError(
            f"{variable} is too weak: it needs at least 32 random characters. {HOW_TO_MAKE_KEYS}"
        )
    return key


def _roots_to(raw: Mapping[str, str]) -> tuple[str, ...]:
    targets = _parts(raw.get("roots_to", ""))
    if targets and not raw.get("root_key"):
        raise SettingsError(
            f"GATEBOOK_ROOTS_TO needs GATEBOOK_ROOT_KEY, which signs them. {HOW_TO_MAKE_KEYS}"
        )
    return targets


def _database_url(url: str) -> str:
    if url.startswith("sqlite:///"):
        path = PROJECT / url.removeprefix("sqlite:///")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _keep_from_others(path)
        return f"sqlite:///{path}"
    if url.startswith("postgresql+psycopg://"):
        return url
    raise SettingsError(
        "GATEBOOK_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://; "
        "nothing else is supported."
    )


def _keep_from_others(path: Path) -> None:
    """Only its owner may read the book; SQLite gives the same mode to the files beside it."""
    with suppress(OSError):  # a read-only folder; SQLite reports it better when it opens the file
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        path.chmod(0o600)


def _own_address(environment: Mapping[str, str | None]) -> str:
    """Where the shipped server listens, unless something stands in front of it."""
    port = environment.get("PORT")
    return f"http://127.0.0.1:{port}" if port else Settings.public_url


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise SettingsError(
            "GATEBOOK_PUBLIC_URL must look like https://gatebook.example.com, without a path."
        )
    return url.rstrip("/")


def _whole_number(raw: Mapping[str, str], name: str) -> int:
    least, most = RANGES[name]
    number = parse_int(raw.get(name, str(getattr(Settings, name))), least=least, most=most)
    if number is None:
        raise SettingsError(
            f"GATEBOOK_{name.upper()} must be a whole number from {least} to {most}."
        )
    return number


def _countries(text: str) -> tuple[str, ...]:
    return tuple(code.upper() for code in _parts(text))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _time_zone(name: str) -> str:
    if name not in clock.time_zones():
        raise SettingsError(
            "GATEBOOK_TIME_ZONE must be an IANA time zone such as Africa/Lagos or Europe/Berlin."
        )
    return name


def _links(text: str) -> tuple[tuple[str, str], ...]:
    """Names and addresses with `{reference}` or `{id}`."""
    links = tuple((name.strip(), url.strip()) for name, _, url in _parted(text))
    for name, url in links:
        rest = url.replace("{reference}", "").replace("{id}", "")
        if not name or not _is_web_address(url) or rest == url or {"{", "}"} & set(rest):
            raise SettingsError(
                "GATEBOOK_LINKS must look like "
                "Payments=https://pay.example.com/?customer={reference}, with {reference} or {id}; "
                "write a comma inside an address as %2C."
            )
    return links


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _parted(text: str) -> Iterator[tuple[str, str, str]]:
    return (link.partition("=") for link in text.split(",") if link.strip())


def _smtp_url(url: str) -> str:
    with suppress(ValueError):
        return url and sender_in(url) and url
    raise SettingsError(
        "GATEBOOK_SMTP_URL must look like "
        "smtps://user:password@mail.example.com?from=gatebook@example.com."
    )


def _log_level(name: str) -> str:
    if name.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise SettingsError("GATEBOOK_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    return name.upper()
