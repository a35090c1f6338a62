#!/usr/bin/env bash
# Compile the locks from pyproject.toml: one for each service's image, one for development, one for the tools
# that install them. They name no package index, so they work behind any mirror.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
uv=uv
command -v uv >/dev/null || uv=.local/uv/bin/uv
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
fi

compile() {
    local name=$1
    shift
    printf 'lock: %s\n' "deploy/locks/$name.txt" >&2
    "$uv" pip compile --quiet "$@" --override deploy/locks/overrides.txt --prerelease if-necessary-or-explicit \
        --python-version 3.11 --python-platform linux --generate-hashes --no-emit-index-url \
        --custom-compile-command 'make lock' -o "deploy/locks/$name.txt" >/dev/null
}

compile dev pyproject.toml --extra gateway --extra engine --group dev
# The images get the very versions that the tests run with.
compile gateway pyproject.toml --extra gateway --constraint deploy/locks/dev.txt
compile engine pyproject.toml --extra engine --constraint deploy/locks/dev.txt
compile tools deploy/locks/tools.in --constraint deploy/locks/dev.txt
