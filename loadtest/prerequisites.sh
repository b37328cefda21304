#!/bin/sh
# Names every tool that is missing and the command that installs it. Exit 1 if any is.
# With `test`, also those that only tests need.
missing=0

need() { # name, test, Debian/Ubuntu packages, Homebrew formulae
    if ! sh -c "$2" >/dev/null 2>&1; then
        echo "missing: $1" >&2
        echo "    Debian/Ubuntu: $3" >&2
        echo "    macOS:         $4" >&2
        missing=1
    fi
}

java_17() {
    version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
    [ "${version:-0}" -ge 17 ]
}

rust="see https://rustup.rs; rust-toolchain.toml names the version"
need "cargo (Rust)" "cargo --version" "$rust" "$rust"
need "a C compiler" "cc --version" "sudo apt-get install gcc" "xcode-select --install"
need "a C++ compiler" "c++ --version" "sudo apt-get install g++" "xcode-select --install"
need "cmake" "cmake --version" "sudo apt-get install cmake" "brew install cmake"
need "pkg-config" "pkg-config --version" "sudo apt-get install pkg-config" "brew install pkgconf"
need "OpenSSL headers" "pkg-config --exists openssl || [ -d \"\${OPENSSL_DIR:-/opt/homebrew/opt/openssl@3}\" ]" "sudo apt-get install libssl-dev" "brew install openssl@3"
need "mvn (Maven)" "mvn --version" "sudo apt-get install maven" "brew install maven"
if ! java_17; then
    echo "missing: java 17 or newer" >&2
    echo "    Debian/Ubuntu: sudo apt-get install openjdk-17-jdk-headless" >&2
    echo "    macOS:         brew install openjdk@17" >&2
    missing=1
fi
if [ "$1" = test ]; then
    need "python3 with venv" "python3 -c 'import venv, ensurepip'" "sudo apt-get install python3-venv" "brew install python"
    # One test reads topics with kcat too; without it that part says that it was not run.
    if ! command -v kcat >/dev/null 2>&1; then
        echo "optional, not found: kcat (Debian/Ubuntu: sudo apt-get install kcat; macOS: brew install kcat)" >&2
    fi
fi
exit $missing
