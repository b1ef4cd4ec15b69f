using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace SpamGuard.Cli;

/// <summary>The two streams: data goes to the output, messages to the errors. Only a terminal is drawn on, without colour where NO_COLOR is set, and not one that TERM calls dumb.</summary>
internal sealed class Terminal
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly IAnsiConsole? _drawnOutput;
    private readonly IAnsiConsole? _drawnErrors;
    private readonly Func<string, string?> _environment;
    private JsonMessages? _json;

    /// <summary>Takes the streams.</summary>
    /// <param name="output">Where data goes.</param>
    /// <param name="errors">Where messages go.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="outputIsTerminal">Whether somebody looks at the data.</param>
    /// <param name="errorsAreTerminal">Whether somebody looks at the messages.</param>
    /// <param name="input">Where data comes from; <c>null</c> for none.</param>
    public Terminal(
        TextWriter output,
        TextWriter errors,
        Func<string, string?> environment,
        bool outputIsTerminal = false,
        bool errorsAreTerminal = false,
        TextReader? input = null)
    {
        Input = input ?? TextReader.Null;
        Output = output;
        Errors = errors;
        _environment = environment;
        var isDumb = string.Equals(Variable("TERM"), "dumb", StringComparison.Ordinal);
        _drawnOutput = outputIsTerminal && !isDumb ? Drawn(output) : null;
        _drawnErrors = errorsAreTerminal && !isDumb ? Drawn(errors) : null;
    }

    /// <summary>Where data comes from.</summary>
    public TextReader Input { get; }

    /// <summary>Where data goes.</summary>
    public TextWriter Output { get; }

    /// <summary>Where messages go.</summary>
    public TextWriter Errors { get; }

    /// <summary>The streams of this process.</summary>
    public static Terminal OfProcess() =>
        new(Console.Out, Console.Error, Environment.GetEnvironmentVariable, !Console.IsOutputRedirected, !Console.IsErrorRedirected, Console.In);

    /// <summary>Reads an environment variable; empty is as good as none.</summary>
    public string? Variable(string name) => _environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>Writes data.</summary>
    public void Write(TextTable table)
    {
        if (_drawnOutput is null)
        {
            foreach (var line in table.Lines())
            {
                Output.WriteLine(line);
            }

            return;
        }

        new DrawnTable(_drawnOutput, table).Write();
    }

    /// <summary>Writes data as one JSON object.</summary>
    public void WriteJson<T>(T data) => Output.WriteLine(JsonSerializer.Serialize(data, Indented));

    /// <summary>Writes messages as JSON from now on.</summary>
    public void SpeakJson() => _json = new JsonMessages(Errors);

    /// <summary>Writes why something failed.</summary>
    /// <param name="text">For people.</param>
    /// <param name="json">For scripts, with <c>code</c>, <c>reason</c>, <c>message</c> and <c>field</c>.</param>
    public void Fail(string text, JsonObject json)
    {
        if (_json is null)
        {
            Say(text);
        }
        else
        {
            _json.Add(json);
        }
    }

    /// <summary>Nothing more is said.</summary>
    /// <param name="exitCode">What the program exits with.</param>
    public void End(int exitCode) => _json?.End(exitCode == ExitCodes.Ok ? null : ExitCodes.NameOf(exitCode));

    /// <summary>Writes a message.</summary>
    public void Say(string message)
    {
        if (_json is not null)
        {
            _json.Add(new JsonObject { ["message"] = message });
        }
        else if (_drawnErrors is null)
        {
            Errors.WriteLine(message);
        }
        else
        {
            _drawnErrors.WriteLine(message); // above the bar, if one is drawn
        }
    }

    /// <summary>Writes a message at once, before something that takes its time: it is never the one that says how the run ended.</summary>
    public void Announce(string message)
    {
        Say(message);
        _json?.Flush();
    }

    /// <summary>Draws a bar on a terminal while something goes on; elsewhere nothing.</summary>
    /// <param name="title">What goes on.</param>
    /// <param name="work">Does it; tells how much is done, from 0 to 1.</param>
    public Task<T> WithBarAsync<T>(string title, Func<Action<double>?, Task<T>> work) =>
        _drawnErrors is null || _json is not null
            ? work(null)
            : _drawnErrors.Progress().AutoClear(true).StartAsync(context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                return work(done => bar.Value = done);
            });

    private IAnsiConsole Drawn(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        ColorSystem = Variable("NO_COLOR") is null ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });
}
