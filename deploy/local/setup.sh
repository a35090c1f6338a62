#!/usr/bin/env bash
# Install what `make demo`, `make test` and `make up` need and this machine lacks: uv, the locked
# environment in .venv, and RabbitMQ from Debian's packages. Does nothing when nothing is missing.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly lock_file=deploy/locks/dev.txt
readonly tools_lock=deploy/locks/tools.txt
readonly stub=deploy/stubs/opencv-contrib-python
readonly stamp=.venv/.installed-lock
readonly private_uv=.local/uv
readonly broker=/usr/lib/rabbitmq/bin/rabbitmq-server

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# The machine's own certificates, in case a package mirror stands behind a private authority.
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
fi
# A mirror that pip is pointed at serves uv as well.
if [ -n "${PIP_INDEX_URL:-}" ]; then
    export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        fail "root is needed once for: $*"
    fi
}

apt_install() {
    command -v apt-get >/dev/null || fail "$* is missing and there is no apt-get here; install it and try again."
    say "installing $* with apt-get (once) …"
    mkdir -p .local
    local log=.local/apt.log
    if ! {
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
                install --no-install-recommends "$@"
    } >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        fail "apt-get could not install $*; its log is $PWD/$log"
    fi
}

find_uv() {
    if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
        uv=uv
        return
    fi
    uv=$private_uv/bin/uv
    [ -x "$uv" ] && return
    command -v python3 >/dev/null || apt_install python3
    python3 -c 'import venv, ensurepip' 2>/dev/null || apt_install python3-venv
    say "installing uv into $private_uv (once) …"
    python3 -m venv --clear "$private_uv.new"
    "$private_uv.new/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r "$tools_lock" || fail "pip could not install uv; see its message above."
    rm -rf "$private_uv"
    mv "$private_uv.new" "$private_uv"
}

lock_fingerprint() {
    cat "$lock_file" "$stub/pyproject.toml" | sha256sum | cut -d' ' -f1
}

install_environment() {
    local wanted
    wanted=$(lock_fingerprint)
    if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    find_uv
    say "installing the locked Python environment into .venv …"
    [ -x .venv/bin/python ] || "$uv" venv --quiet --python 3.11 .venv
    rm -f "$stamp"
    # Syncing removes what the lock does not name, the stub among it, so the stub always follows.
    "$uv" pip sync --quiet --compile-bytecode --python .venv --require-hashes "$lock_file" ||
        fail "uv could not install $lock_file; see its message above."
    "$uv" pip install --quiet --python .venv --no-deps --no-build-isolation "./$stub"
    printf '%s\n' "$wanted" >"$stamp"
}

broker_is_installed() { [ -x "$broker" ] || command -v rabbitmq-server >/dev/null; }

# Debian starts and enables a freshly installed service. The stack runs a broker of its own, so the
# service is held back while it is installed and stays disabled; one that was there before is left alone.
install_broker() {
    [ -n "${AMQP_URL:-}" ] && return
    broker_is_installed && return
    # Another checkout may be doing the same at this moment.
    exec 8>/tmp/ledgerlens-setup.lock
    flock 8
    broker_is_installed && return
    local policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        # shellcheck disable=SC2064
        trap "as_root rm -f $policy" EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root sh -c "cat >$policy && chmod 755 $policy"
    fi
    apt_install rabbitmq-server
    as_root update-rc.d rabbitmq-server disable >/dev/null 2>&1 || say "the system's RabbitMQ stays enabled at boot."
    if [ -d /run/systemd/system ]; then
        as_root systemctl disable --quiet rabbitmq-server.service || true
    fi
    broker_is_installed || fail "rabbitmq-server was installed, but $broker is not there."
}

# The README's walk-through, which the tests run, is written for curl.
install_curl() {
    command -v curl >/dev/null || apt_install curl
}

mkdir -p .local
exec 9>.local/setup.lock
flock 9
install_environment
install_broker
install_curl
