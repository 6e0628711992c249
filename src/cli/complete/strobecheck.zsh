#compdef strobecheck
# What zsh completes the command line of strobecheck by.
_strobecheck() {
    local each value
    local -a found closed open folders
    found=("${(@f)$(
        STROBECHECK_COMPLETE=zsh _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) \
            ${(Q)words[1]} -- "${(@Q)words[1,CURRENT]}" 2>/dev/null
    )}")
    for each in $found; do
        # A word, and behind a colon that has no \ before it, what it means.
        value=${${each//\\:/=}%%:*}
        if [[ $value == */ ]]; then
            folders+=("$each")
        elif [[ $value == *= ]]; then
            open+=("$each")
        else
            closed+=("$each")
        fi
    done
    # Behind a folder or a name goes on the same word.
    (( $#open )) && _describe -V 'names' open -S ''
    (( $#folders )) && _describe -V 'folders' folders -S ''
    (( $#closed )) && _describe -V 'values' closed
}
if [[ $funcstack[1] == _strobecheck ]]; then
    _strobecheck "$@"
else
    compdef _strobecheck strobecheck
fi
