"""What a failed or ended connection means, in words with a fix; pure."""

from __future__ import annotations

import socket
import ssl

from assistant.core.settings import MqttSettings
from assistant.home.link_backoff import Loss, LossKind

CHECK_LOGIN = "check mqtt.username and mqtt.password_file"
CHECK_PORT = "check mqtt.port (mostly 8883 with TLS)"
_UNTRUSTED = {18, 19, 20, 21}
"""OpenSSL's X509_V_ERR_…: self-signed, or by an authority that is not known."""
_NOT_YET_VALID, _EXPIRED = 9, 10
_OTHER_NAME = {62, 64}
_NO_VERSION, _BAD_ID, _BAD_LOGIN, _NOT_ALLOWED, _TAKEN_OVER = 132, 133, 134, 135, 142
"""Reason codes of MQTT 5, section 2.4."""


def loss_of_error(error: Exception, settings: MqttSettings) -> Loss:
    """A connection that could not be opened."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _distrust(error, settings)
    if isinstance(error, ssl.SSLError):
        return Loss(
            LossKind.REFUSED,
            f"can't agree on encryption: {error.reason or error}",
            f"{CHECK_PORT}, and mqtt.tls_cert_file",
        )
    if isinstance(error, socket.gaierror):
        return Loss(LossKind.UNREACHABLE, "can't be found: no such name", "correct mqtt.host, or use its address")
    if settings.tls and isinstance(error, ConnectionResetError):
        return Loss(LossKind.UNREACHABLE, "hangs up instead of agreeing on encryption", CHECK_PORT)
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return Loss(LossKind.UNREACHABLE, f"can't be reached: {why}", "start it; the assistant connects by itself")


def _distrust(error: ssl.SSLCertVerificationError, settings: MqttSettings) -> Loss:
    if error.verify_code in _OTHER_NAME:
        why = "shows a certificate for another name"
        fix = f"set mqtt.host to the name in the certificate, or make one for {settings.host}"
    elif error.verify_code == _EXPIRED:
        why, fix = "shows a certificate that has expired", "renew it"
    elif error.verify_code == _NOT_YET_VALID:
        why, fix = "shows a certificate that is not valid yet", "set this machine's clock"
    elif error.verify_code in _UNTRUSTED:
        why, fix = "shows a certificate that nobody we trust has signed", "set mqtt.tls_ca_file to its authority's"
    else:
        why, fix = f"shows a certificate we can't trust: {error.verify_message}", "make a new one"
    return Loss(LossKind.REFUSED, why, fix)


def loss_of_refusal(code: int, words: str) -> Loss:
    """The broker answered that it does not take us; `code` as in MQTT 5."""
    fix = ""
    if code in {_BAD_LOGIN, _NOT_ALLOWED}:
        fix = CHECK_LOGIN
    elif code == _BAD_ID:
        fix = "set another mqtt.client_id"
    elif code == _NO_VERSION:
        fix = "set mqtt.version to the one it speaks"
    return Loss(LossKind.REFUSED, f"refuses us: {words}", fix, is_of_version=code == _NO_VERSION)


def loss_of_goodbye(code: int, words: str, client_id: str) -> Loss:
    """The broker hung up on a connection it had taken, or the network did."""
    if code == _TAKEN_OVER:
        return Loss(LossKind.TAKEN_OVER, f"knows another client by our id {client_id}", own_id(client_id))
    return Loss(LossKind.LOST, f"went away: {words}")


def loss_unanswered(settings: MqttSettings) -> Loss:
    """The broker hung up, or fell silent, before it said whether it takes us."""
    hint = (
        "check mqtt.tls_cert_file: it may want a certificate of ours"
        if settings.tls
        else "check mqtt.port; if encryption is spoken there, set mqtt.tls"
    )
    return Loss(LossKind.UNREACHABLE, "gives no answer", hint, is_of_version=True)


def own_id(client_id: str) -> str:
    """What to do about two hubs with one id."""
    return f"if two hubs use the client id {client_id}, give each its own mqtt.client_id"
