#!/bin/sh
# The one entrance to octo: ./setup.sh help
# Finds a Node to bootstrap with, lets scripts/up.mjs prepare the checkout and then becomes the program that
# was asked for. Because it ends in exec, signals, exit code and process id are that program's own.
set -eu

stop() {
  printf 'octo: %s\n' "$1" >&2
  exit 1
}

root=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd -P)
bin=$root/node_modules/.bin

missing=
command -v node >/dev/null || missing=nodejs
command -v npm >/dev/null || missing="$missing npm"
node=node
if [ -n "$missing" ] && [ -x "$bin/node" ]; then
  node=$bin/node
elif [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ] || [ ! -e /etc/debian_version ]; then
    stop 'Node.js and npm are needed to begin: install Node 18 or newer from your system'\''s packages, then run this again.'
  fi
  printf 'Installing Debian'\''s %s… (once, a minute or two)\n' "$missing" >&2
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086  # a list of package names
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } </dev/null >/dev/null ||
    stop "apt-get could not install $missing: mend what it says above, then run this again."
fi

version=$("$node" --version)
case $version in
  v[0-9].* | v1[0-7].*) stop "Node $version is too old to begin with: install Node 18 or newer, then run this again." ;;
esac

"$node" "$root/scripts/up.mjs" "$@"
case ${1-} in
  start)
    shift
    exec "$bin/octo" serve "$@"
    ;;
  test)
    shift
    PATH=$bin:$PATH
    exec node "$root/scripts/test.mjs" "$@"
    ;;
esac
