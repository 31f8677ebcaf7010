# shellcheck shell=bash
# Sourced by ./sockeye and ./test: finds a .NET SDK, or fetches one.
#
# find_dotnet PROGRAM, with $root naming the checkout, sets
#   dotnet        the command to run, with an SDK that satisfies global.json
#   dotnet_root   the folder of that SDK and its runtimes, for DOTNET_ROOT
# or says what to do and returns 1.
#
# SOCKEYE_DOTNET_INSTALL  another address, or a local file, of Microsoft's install script

# show_errors LOG prints the errors of a build's last step, each once.

quiet_dotnet() {
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 # a fresh machine has no ICU, and the SDK does not start without
}

find_dotnet() {
    local program=$1 candidate
    for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-}/dotnet" "${HOME:-}/.dotnet/dotnet" \
        /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet "$root/.dotnet/dotnet"; do
        use_dotnet "$candidate" && return
    done
    fetch_dotnet "$program" && use_dotnet "$root/.dotnet/dotnet" && return
    candidate=$(awk 'NF { last = $0 } END { print last }' "$root/.build/dotnet-install.log" 2>/dev/null) || candidate=''
    {
        echo "$program: could not fetch it${candidate:+: $candidate}; what was tried is in $root/.build/dotnet-install.log"
        echo "$program: install the package dotnet-sdk-10.0, or put a .NET 10 SDK on PATH (https://dot.net/download), and try again"
    } >&2
    return 1
}

# Asks the command itself, in the checkout, so that global.json is read by the one who defines it.
use_dotnet() {
    local version
    [[ -f $1 && -x $1 ]] || return 1
    version=$(cd "$root" && quiet_dotnet && "$1" --version 2>/dev/null </dev/null) || return 1
    dotnet=$1
    dotnet_root=$(cd "$root" && quiet_dotnet && "$1" --list-sdks </dev/null | sed -n "s|^$version \[\(.*\)/sdk\]\$|\1|p")
    [[ -n $dotnet_root ]] || dotnet_root=$(cd -P -- "${1%/*}" && pwd)
}

fetch_dotnet() {
    local program=$1 version script source=${SOCKEYE_DOTNET_INSTALL:-https://dot.net/v1/dotnet-install.sh}
    version=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
    echo "$program: no .NET SDK here that satisfies global.json; fetching $version into $root/.dotnet (once)" >&2
    mkdir -p "$root/.build" || return 1
    {
        script=$root/.build/dotnet-install.sh
        if [[ -f $source ]]; then
            script=$source
        elif command -v curl; then
            curl -fsSL --retry 2 --connect-timeout 20 -o "$script" -- "$source" || return 1
        elif command -v wget; then
            wget -nv -O "$script" -- "$source" || return 1
        else
            echo "neither curl nor wget is installed"
            return 1
        fi
        bash "$script" --version "$version" --install-dir "$root/.dotnet" --no-path
    } >"$root/.build/dotnet-install.log" 2>&1 </dev/null
}

# Without the project's name that MSBuild puts behind each; the end of the log when there is nothing of that form.
show_errors() {
    awk '
        /^\$ dotnet / { errors = ""; split("", seen) }
        / error [A-Z]+[0-9]+: / { sub(/ \[[^]]*proj[^]]*\]$/, ""); if (!seen[$0]++) errors = errors $0 "\n" }
        { last[NR % 20] = $0 }
        END {
            if (errors == "") for (i = NR + 1; i <= NR + 20; i++) if (i % 20 in last) errors = errors last[i % 20] "\n"
            printf "%s", errors
        }' "$1"
}
