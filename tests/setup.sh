#!/bin/sh
# Makes sure of what building and testing Deed takes: git, ssh-keygen, gpg, a C-free Rust toolchain. Run by the other
# scripts; running it again costs nothing.
set -eu

need() { # COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "setup: installing $2" >&2
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >/dev/null
    else
        echo "error: \`$1\` is missing; install the package $2 (or your system's name for it) and run this again" >&2
        exit 2
    fi
}

need git git
need ssh-keygen openssh-client
need gpg gnupg
need cc gcc
if ! command -v cargo >/dev/null 2>&1 && [ -x "$HOME/.cargo/bin/cargo" ]; then
    PATH="$HOME/.cargo/bin:$PATH"
fi
if ! command -v cargo >/dev/null 2>&1; then
    echo "error: \`cargo\` is missing; install Rust with rustup (https://rustup.rs) and run this again" >&2
    exit 2
fi
# rustup reads rust-toolchain.toml and brings the pinned toolchain with rustfmt and clippy.
cargo --version >/dev/null
