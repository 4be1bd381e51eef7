"""Which addresses the service must be let reach, by its configuration; what the configuration names needs no more."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.core.settings import Settings

PRIVATE_RANGES = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fe80::/10"
ANY = "any"
"""systemd filters addresses, not names: a name out in the world may stand for any of them, and for others tomorrow."""
_OWN_NAMES = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localdomain")
"""Ends of names that only a home's own network knows (RFC 6762, RFC 8375, and what routers hand out)."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that needs a network, and the addresses for systemd; none: this machine is enough."""

    what: str
    addresses: str


def needs_of(settings: Settings) -> Iterator[Need]:
    """One for each broker and calendar server."""
    mqtt = settings.mqtt
    if mqtt.mode == "external":
        yield Need(f"the broker at {mqtt.host}", addresses_of(mqtt.host))
    elif mqtt.mode == "embedded":
        # whoever listens to all interfaces is spoken to from the home's network
        is_here = addresses_of(mqtt.host) == "" and not _is_unspecified(mqtt.host)
        yield Need("devices at the embedded broker", "" if is_here else PRIVATE_RANGES)
    if settings.calendar.caldav_url:
        host = urlsplit(settings.calendar.caldav_url).hostname or ""
        yield Need(f"the calendar server {host}", addresses_of(host))


def addresses_of(host: str) -> str:
    """What must be reachable to speak with a host; its name is asked for in the home's network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _addresses_of_name(host.casefold().rstrip("."))
    if address.is_loopback or address.is_unspecified:
        return ""
    return PRIVATE_RANGES if address.is_private or address.is_link_local else str(address)


def _addresses_of_name(name: str) -> str:
    if name == "localhost" or name.endswith(".localhost"):
        return ""
    is_own = "." not in name or name.endswith(_OWN_NAMES)
    return PRIVATE_RANGES if is_own else ANY


def _is_unspecified(host: str) -> bool:
    return host in ("0.0.0.0", "::")  # noqa: S104  it is compared, not bound


def drop_in(needs: Sequence[Need]) -> str:
    """The text of a drop-in that lets these through."""
    lines = [line for need in needs for line in (f"# {need.what}", f"IPAddressAllow={need.addresses}")]
    return "\n".join(["# Written by `assistant service install` after the configuration.", "[Service]", *lines, ""])
