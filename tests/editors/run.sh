#!/bin/sh
# Tries Deed in real editors: VS Code (with the package installed), Neovim, Emacs, and a neutral client of the protocol.
#
#   tests/editors/run.sh                 everything
#   tests/editors/run.sh screen emacs    some of it
#
# Parts: unit package grammar api screen trust neovim emacs protocol. What they need is installed below target/editors, once, in
# fixed versions; the first run takes some minutes and half a gigabyte, a later one about two minutes. DEED names the program
# to try; without it target/release/deed is built. Pictures, logs and recorded conversations lie in target/editors/out.
# PICTURES=editors/vscode/images tests/editors/run.sh screen makes those of the extension's README anew.
# The exit code is 0 only where every part ran and passed.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/setup.sh
. tests/editors/setup.sh
set +e

PARTS=${*:-unit package grammar api screen trust neovim emacs protocol}
export OUT=$EDITORS/out VSIX=$EDITORS/deed-linux-x64.vsix CODE_SERVER
mkdir -p "$OUT"

if [ -z "${DEED:-}" ]; then
    cargo build --release --locked --quiet && cargo build --release --locked --quiet -p deed-test --bin example-org || exit 2
    DEED=$PWD/target/release/deed
fi
export EXAMPLE_ORG=${EXAMPLE_ORG:-$PWD/target/release/example-org}

# A stand-in for the program that writes down what editor and server say, in the file that RECORD names.
export RECORDED_DEED=$EDITORS/recorded/deed
mkdir -p "$EDITORS/recorded"
cat >"$RECORDED_DEED" <<END
#!/bin/sh
[ "\$*" = lsp ] && exec "$PYTHON" "$PWD/tests/editors/protocol/record.py" "\$RECORD" "$DEED" lsp
exec "$DEED" "\$@"
END
chmod +x "$RECORDED_DEED"

organisation() { # NAME: a fresh example organisation
    rm -rf "${OUT:?}/$1"
    "$EXAMPLE_ORG" "$OUT/$1" >/dev/null && git -C "$OUT/$1" config user.email chen@acmepay.example
}

extension() { # installs what the extension is built with, if package-lock.json changed
    setup_node || return 3
    cd editors/vscode || return 3
    cmp -s package-lock.json node_modules/.installed || { npm ci --silent && cp package-lock.json node_modules/.installed; } || return 3
}

try_unit() { (extension && npm run --silent check && npm test --silent); }
try_package() { (setup_node && editors/vscode/package.sh linux-x64 "$DEED"); }
packaged() { # packages again where the program or the extension is newer than the package
    [ -f "$VSIX" ] && [ -z "$(find "$DEED" editors/vscode -name node_modules -prune -o -type f -newer "$VSIX" -print)" ] || try_package
}
try_grammar() { setup_vscode || return 3; "$NODE" --test tests/editors/vscode/grammar.test.mjs; }
try_api() { setup_vscode && setup_python && packaged || return 3; "$NODE" --test tests/editors/vscode/api.test.mjs; }
try_screen() { setup_vscode && packaged || return 3; "$NODE" --test tests/editors/vscode/screen.test.mjs; }
try_trust() { setup_vscode && packaged || return 3; DEED_PROGRAM=$DEED "$NODE" --test tests/editors/vscode/trust.test.mjs; }
try_neovim() {
    setup_python && organisation neovim || return 3
    rm -f "$OUT/neovim.log"
    DEED=$RECORDED_DEED RECORD=$OUT/neovim.log timeout 180 "$NVIM" --headless --clean -u NONE --cmd "set rtp^=editors/neovim" \
        -l tests/editors/neovim/test.lua "$OUT/neovim"
}
try_emacs() {
    setup_emacs && setup_python && organisation emacs || return 3
    rm -f "$OUT/emacs.log"
    DEED=$RECORDED_DEED RECORD=$OUT/emacs.log ORGANISATION=$OUT/emacs timeout 180 emacs -Q --batch -L editors/emacs \
        -l tests/editors/emacs/test.el
}
try_protocol() {
    setup_python && organisation protocol || return 3
    rm -f "$OUT/protocol.log"
    DEED=$RECORDED_DEED RECORD=$OUT/protocol.log ORGANISATION=$OUT/protocol \
        "$PYTHON" -m pytest -q -p no:cacheprovider -c tests/editors/protocol/pytest.ini tests/editors/protocol || return 1
    # Every conversation that was recorded, by whichever client.
    set --
    for log in "$OUT/protocol.log" "$OUT/api/index/conversation.log" "$OUT/api/folders/conversation.log" "$OUT/neovim.log" "$OUT/emacs.log"; do
        if [ -f "$log" ]; then set -- "$@" "$log"; else echo "not validated, because not recorded: $log"; fi
    done
    "$PYTHON" tests/editors/protocol/validate.py "$@"
}

passed= failed= missing=
for part in $PARTS; do
    printf '\n== %s\n' "$part"
    "try_$part"
    case $? in
        0) passed="$passed $part" ;;
        3 | 127) missing="$missing $part" ;;
        *) failed="$failed $part" ;;
    esac
done
printf '\npassed:%s\n' "${passed:- none}"
[ -z "$failed" ] || printf 'FAILED:%s\n' "$failed"
[ -z "$missing" ] || printf 'NOT RUN, because something could not be installed:%s\n' "$missing"
[ -z "$failed$missing" ]
