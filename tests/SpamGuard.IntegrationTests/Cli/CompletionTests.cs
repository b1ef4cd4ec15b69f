using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>The scripts of <c>spamguard completion</c>, in the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private const string Bash = """
        eval "$(spamguard completion bash)"
        complete -p spamguard
        try() {
            COMP_LINE=$1 COMP_POINT=${#1}
            read -ra COMP_WORDS <<<"$1"
            if [[ $1 == *' ' ]]; then COMP_WORDS+=(''); fi
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _spamguard
            echo "$1>$(printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' ')"
        }
        """;

    // What the completion system of an interactive zsh brings, as far as the script calls it.
    private const string Zsh = """
        compdef() { echo "compdef $*" }
        compadd() { for word in "${(@)argv[2,-1]}"; do if [[ $word == ${words[CURRENT]}* ]]; then echo $word; fi; done }
        _files() { print -l ${words[CURRENT]}*(N) }
        eval "$(spamguard completion zsh)"
        try() {
            words=(${=1})
            if [[ $1 == *' ' ]]; then words+=(''); fi
            CURRENT=$#words
            echo "$1>$(_spamguard | sort | tr '\n' ' ')"
        }
        """;

    private static readonly (string Line, string Completed)[] Expected =
    [
        ("spamguard sc", "scenarios score"),
        ("spamguard policy ", "diff explain get schema validate"),
        ("spamguard score --ki", "--kind"),
        ("spamguard score --kind ", "message sign-up"),
        ("spamguard load --kind b", "both"),
        ("spamguard report x --label challenge-", "challenge-failed challenge-passed"),
        ("spamguard completion ", "bash zsh"),
        ("spamguard score --ca here", "here.crt"),
        ("spamguard ledger verify here", "here.crt"),
        ("spamguard policy diff default here", "here.crt"),
        ("spamguard explain here", ""),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-completion-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("bash", "bash", Bash, "complete -F _spamguard spamguard")]
    [InlineData("zsh", "zsh", Zsh, "compdef _spamguard spamguard")]
    public async Task Script_InItsShell_CompletesVerbsOptionsValuesAndFiles(string shell, string package, string script, string registered)
    {
        var start = CommandLineProgram.Of();
        var program = $"spamguard() {{ {string.Join(' ', [start.FileName, .. start.ArgumentList.Select(static argument => $"'{argument}'")])} \"$@\"; }}";
        var work = _folder.CreateSubdirectory("work").FullName;
        File.WriteAllText(Path.Combine(work, "here.crt"), string.Empty);

        var output = await CommandRun.OutputOfAsync(
            [InstalledProgram.Find(shell, package), "-c", $"{program}\n{script}\n{string.Concat(Expected.Select(static one => $"try '{one.Line}'\n"))}"],
            work);

        Assert.Equal([registered, .. Expected.Select(static one => $"{one.Line}>{one.Completed}")], output.TrimEnd('\n').Split('\n').Select(static line => line.TrimEnd(' ')));
    }
}
