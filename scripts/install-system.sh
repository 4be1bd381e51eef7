#!/usr/bin/env bash
# Install the system packages that are missing: `install-system.sh run` or `install-system.sh test`.
# What is there already costs nothing and needs no network. Without root or sudo it prints one list and stops.
set -euo pipefail
cd "$(dirname "$0")/.."

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || compgen -G "/usr/lib/*/$1*" >/dev/null; }
has_python() {
  local name
  for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && return
  done
  return 1
}
# Tested by what it brings, not by dpkg, so that a machine that got it another way counts too.
is_there() {
  case $1 in
    python3-venv) [ -x .venv/bin/python ] || has_python ;;
    libportaudio2) has_library libportaudio.so.2 ;;
    espeak-ng) command -v espeak-ng >/dev/null ;;
    libasound2-plugins) compgen -G '/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so' >/dev/null ;;
    alsa-utils) command -v aplay >/dev/null ;;
    ca-certificates) [ -s /etc/ssl/certs/ca-certificates.crt ] ;;
    pulseaudio) command -v pulseaudio >/dev/null ;;
    pulseaudio-utils) command -v pactl >/dev/null ;;
    mosquitto) command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] ;;
    mosquitto-clients) command -v mosquitto_pub >/dev/null ;;
    sox | flac) command -v "$1" >/dev/null ;;
  esac
}

packages=(python3-venv libportaudio2 espeak-ng libasound2-plugins alsa-utils ca-certificates)
case ${1:-} in
  run) ;;
  test) packages+=(pulseaudio pulseaudio-utils mosquitto mosquitto-clients sox flac) ;;
  *) echo "usage: $0 run|test" >&2; exit 2 ;;
esac

missing=()
for package in "${packages[@]}"; do is_there "$package" || missing+=("$package"); done
[ ${#missing[@]} -eq 0 ] && exit 0

give_up() {
  printf '%s\n' "$1" "Install these, then call make again:" "" "    sudo apt-get install ${missing[*]}" "" \
    "(on other systems: the packages that bring the same, and Python 3.11, 3.12 or 3.13 with venv)" >&2
  exit 1
}
command -v apt-get >/dev/null || give_up "This system has no apt-get, and these packages are missing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || give_up "Packages are missing, and installing them needs root or sudo."
  sudo -n true 2>/dev/null || [ -t 0 ] || give_up "Packages are missing, and sudo asks for a password that nobody can type here."
  as_root=(sudo)
fi

echo "Installing system packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq || give_up "apt-get update failed."
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
  give_up "apt-get install failed."
# The tests start brokers of their own; the one that the package starts would hold port 1883.
if [[ " ${missing[*]} " == *" mosquitto "* ]] && [ -d /run/systemd/system ]; then
  "${as_root[@]}" systemctl disable --now --quiet mosquitto.service
  echo "mosquitto.service is stopped and disabled: the tests start their own brokers."
fi
for package in "${missing[@]}"; do
  is_there "$package" || give_up "After the installation $package is still not usable."
done
