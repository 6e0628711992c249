# What bash completes the command line of strobecheck by.
_strobecheck() {
    local rest="${COMP_LINE:0:COMP_POINT}" words=() count=0 at piece
    # bash cuts words at = and : too: what follows without a blank is the same word.
    for (( at = 0; at <= COMP_CWORD; at++ )); do
        piece=${COMP_WORDS[at]}
        if [[ $at -eq 0 || $rest == [[:space:]]* ]]; then
            words[count]=""
            count=$((count + 1))
        fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        [[ $at -lt $COMP_CWORD ]] || piece=$rest
        words[count - 1]+=$piece
        rest=${rest#"$piece"}
    done
    # Of the word at the cursor bash replaces only what is behind its last = or :.
    local word=${words[count - 1]} replaced=${2-} quote="" ended="'\\''"
    [[ $word != [\'\"]* ]] || quote=${word:0:1}
    word=${word#"$quote"}
    local kept=${word%"${replaced#"$quote"}"}
    words[count - 1]=${word//\\/}
    COMPREPLY=()
    while IFS= read -r piece || [[ -n $piece ]]; do
        piece=${piece#"$kept"}
        # What is put into the line runs nothing and ends no quotes. bash has no way to write ! between ".
        if [[ $piece == *[^[:alnum:]_.,:=/+@%-]* ]]; then
            case $quote in
            "'") piece=${piece//\'/$ended} ;;
            '"')
                [[ $piece != *!* ]] || continue
                piece=${piece//\\/\\\\}
                piece=${piece//\"/\\\"}
                piece=${piece//\$/\\\$}
                piece=${piece//\`/\\\`}
                ;;
            *) printf -v piece %q "$piece" ;;
            esac
        fi
        [[ -z $piece ]] || COMPREPLY+=("$piece")
    done < <(
        STROBECHECK_COMPLETE=bash _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((count - 1)) "$1" -- "${words[@]}" 2>/dev/null
    )
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -F _strobecheck strobecheck
