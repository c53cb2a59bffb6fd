#!/usr/bin/env bash
# Installs Debian packages unless they are there: apt-install.sh WHAT_FOR PACKAGE...
#
# Waits for another package manager to finish. When a known thing is in the way, the last line on standard error is
# "CAUSE: <one sentence without its full stop>", which the set-up shows.
set -euo pipefail

what_for=$1
packages=("${@:2}")
lock_patience_s=120
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

give_up() { printf 'CAUSE: %s\n' "$*" >&2; exit 1; }

main() {
  command -v apt-get >/dev/null || give_up "$what_for needs Debian's packages ${packages[*]}, and there is no apt-get"
  local missing=() name
  for name in "${packages[@]}"; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  [[ $EUID -eq 0 ]] ||
    give_up "$what_for needs packages that only root can install; run once as root: apt-get install ${missing[*]}"

  apt update -qq
  apt install -y -q --no-install-recommends "${missing[@]}"
}

# DPkg::Lock::Timeout has apt wait for dpkg's lock, and not for the one on the package lists.
apt() {
  local deadline=$((SECONDS + lock_patience_s))
  until apt-get -o DPkg::Lock::Timeout="$lock_patience_s" "$@" 2>&1 | tee "$log"; do
    if grep -q 'Could not get lock\|Unable to lock\|Unable to acquire' "$log"; then
      ((SECONDS < deadline)) ||
        give_up "$what_for has to install packages, and another package manager has held apt's lock for ${lock_patience_s} s; let it finish and start again"
      echo '## waiting for another package manager'
      sleep 2
    else
      give_up "$(explain)"
    fi
  done
}

explain() {
  if grep -q "No space left on device\|enough free space" "$log"; then
    echo "the disk is full, so the packages that $what_for needs could not be installed; free some space and start again"
  elif grep -q 'Could not resolve\|Failed to fetch\|Unable to fetch\|Could not connect\|Unable to locate package' "$log"; then
    echo "the packages that $what_for needs could not be fetched; check that apt-get reaches its package servers and start again"
  else
    echo "apt-get could not install the packages that $what_for needs ($(grep '^E: ' "$log" | tail -1 | cut -c4-)); repair it with \"apt-get --fix-broken install\" and start again"
  fi
}

main
