#compdef sockeye
# Completion of sockeye's command line for zsh. To have it in this shell (behind compinit):
#     source <(sockeye completion zsh)
# and in every shell: write what that prints to a file named _sockeye in a folder of $fpath

_sockeye() {
    local -a candidates going_on whole
    local candidate
    candidates=("${(@f)$("${words[1]/#\~/$HOME}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    for candidate in $candidates; do
        case $candidate in
            (*[/:=]) going_on+=("$candidate") ;;
            (?*) whole+=("$candidate") ;;
        esac
    done

    # What goes on (a scheme, a host, a folder) gets no space.
    (( $#going_on )) && compadd -S '' -- $going_on
    (( $#whole )) && compadd -- $whole
    return 0
}

if [[ $funcstack[1] == _sockeye ]]; then
    _sockeye "$@" # autoloaded from $fpath
else
    compdef _sockeye sockeye ./sockeye
fi
