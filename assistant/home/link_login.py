"""Reads what is needed to log in at the broker: the password and the certificates."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path

from assistant.core.errors import BrokerError
from assistant.core.settings import MqttSettings


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are to the broker; with a status topic, `online` and, as last will, `offline` are kept there."""

    client_id: str
    status_topic: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """Where to connect, and as whom."""

    settings: MqttSettings
    identity: Identity
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    speaks_5: bool = False
    resumes: bool = False
    """Take up what the broker has kept for us since the last connection."""


def read_password(settings: MqttSettings) -> str:
    """The password, without the line's end of its file. Raises BrokerError for a file that can't be read."""
    file = settings.password_file
    if file is None:
        return settings.password.get_secret_value()
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable("password file", file, error, "mqtt.password_file") from error


def read_tls(settings: MqttSettings) -> ssl.SSLContext | None:
    """What to trust and to show; None without encryption. Raises BrokerError for files that can't be used."""
    if not settings.tls:
        return None
    ca_file, cert_file = settings.tls_ca_file, settings.tls_cert_file
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except OSError as error:
        raise _unreadable("file of certificate authorities", ca_file, error, "mqtt.tls_ca_file") from error
    if cert_file is not None:
        try:
            context.load_cert_chain(cert_file, settings.tls_key_file, password=_no_passphrase)
        except OSError as error:
            key = "mqtt.tls_cert_file and mqtt.tls_key_file (a key without passphrase)"
            raise _unreadable("certificate", cert_file, error, key) from error
    return context


def _no_passphrase() -> str:
    # without this OpenSSL would ask on the terminal
    return ""


def _unreadable(what: str, file: Path | None, error: Exception, key: str) -> BrokerError:
    why = "it is not what it should be (PEM)" if isinstance(error, ssl.SSLError) else getattr(error, "strerror", None)
    return BrokerError(f"the {what} {file} can't be read", why=why or "it is no text", fix=f"correct {key}")
