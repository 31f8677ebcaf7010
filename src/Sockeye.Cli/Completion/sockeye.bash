# Completion of sockeye's command line for bash. To have it in this shell:
#     source <(sockeye completion bash)
# and in every shell: write what that prints to ~/.local/share/bash-completion/completions/sockeye

_sockeye() {
    local line=${COMP_LINE:0:COMP_POINT} current kept candidate
    local -a words
    read -ra words <<<"$line"
    [[ $line != *[[:space:]] ]] || words+=('')
    current=${words[-1]}
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <("${words[0]/#\~/$HOME}" complete -- "${words[@]:1}" 2>/dev/null)

    # What goes on (a scheme, a host, a folder) gets no space.
    for candidate in "${COMPREPLY[@]}"; do
        case $candidate in *[/:=]) compopt -o nospace 2>/dev/null ;; esac
    done

    # Bash takes an address for several words and replaces only the last of them.
    kept=${current%"${current##*[:=]}"}
    [[ -z $kept || $COMP_WORDBREAKS != *:* ]] || COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}

complete -F _sockeye sockeye ./sockeye
