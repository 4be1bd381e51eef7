"""Certificates for the tests, made by openssl: an authority, and what it signs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.home.brokers import Papers


class Authority:
    """Signs certificates; its own is in `ca`."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed (apt install openssl)")
        self._folder = folder / name
        self._folder.mkdir()
        self.ca = self._folder / "ca.pem"
        self._key = self._folder / "ca.key"
        openssl("req", "-x509", *_new_key(self._key), "-subj", f"/CN={name}", "-days", "2", "-out", self.ca)

    def papers(self, name: str, *, subject: str, days: int = 2, client_ca: Path | None = None) -> Papers:
        """A certificate for a host or a client; `subject` as in subjectAltName; `days` below zero: expired."""
        key, request, cert = (self._folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
        extensions = self._folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={subject}\n")
        openssl("req", *_new_key(key), "-subj", f"/CN={name}", "-out", request)
        signing = ["-CA", self.ca, "-CAkey", self._key, "-CAcreateserial", "-days", str(days), "-extfile", extensions]
        openssl("x509", "-req", "-in", request, *signing, "-out", cert)
        return Papers(cert, key, client_ca)


def _new_key(file: Path) -> list[str | Path]:
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file]


def openssl(*arguments: str | Path) -> None:
    """Run it; its complaints are raised."""
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
