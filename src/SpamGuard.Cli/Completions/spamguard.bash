# Completion of spamguard for bash. In every shell from now on:  echo 'eval "$(spamguard completion bash)"' >> ~/.bashrc
_spamguard() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} line=${COMP_LINE#*"${COMP_WORDS[0]}"} word
    local -a candidates=()
    COMPREPLY=()
    case $prev in
        @PATHS@)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            return
            ;;
    esac
    # The program itself knows its verbs, options and their values: it is asked for what fits where the cursor is.
    while IFS= read -r word; do
        case $word in
            '-?' | '/?' | '/h' | '-h') ;; # other names of --help
            -*) if [[ $cur == -* ]]; then candidates+=("$word"); fi ;;
            *) candidates+=("$word") ;;
        esac
    done < <("${COMP_WORDS[0]}" "[suggest:$((COMP_POINT - ${#COMP_LINE} + ${#line}))]" "$line" 2>/dev/null)
    mapfile -t COMPREPLY < <(compgen -W "${candidates[*]}" -- "$cur")
    if ((${#COMPREPLY[@]} == 0)) && [[ $cur != -* ]]; then
        case "$line" in
            @FILES@)
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                ;;
        esac
    fi
}
complete -F _spamguard spamguard
