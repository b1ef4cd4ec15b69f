#compdef spamguard
# Completion of spamguard for zsh. In every shell from now on, behind compinit:  echo 'eval "$(spamguard completion zsh)"' >> ~/.zshrc
_spamguard() {
    local -a candidates
    local prev=${words[CURRENT-1]} line=" ${(j: :)words[2,CURRENT]}"
    case $prev in
        (@PATHS@) _files; return ;;
    esac
    # The program itself knows its verbs, options and their values: it is asked for what fits where the cursor is.
    candidates=(${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
    candidates=(${candidates:#(-\?|/\?|/h|-h)}) # other names of --help
    if [[ ${words[CURRENT]} != -* ]]; then candidates=(${candidates:#-*}); fi
    if (( $#candidates )); then
        compadd -- $candidates
    else
        case $line in
            (@FILES@) _files ;;
        esac
    fi
}
if [[ ${funcstack[1]} == _spamguard ]]; then _spamguard "$@"; else compdef _spamguard spamguard; fi
