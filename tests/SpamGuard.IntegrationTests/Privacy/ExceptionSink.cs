using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>
/// Every exception of the process while this lives: as it is thrown, whoever catches it, and those that nobody looks at. All inner ones and
/// their <see cref="Exception.Data"/> too.
/// </summary>
/// <remarks>
/// Other tests of the process throw into it as well; they know none of the canaries. One source is left out: the framework's JSON reader quotes
/// what it can't read, to itself. It catches that again and makes a log and an answer of it, and those are looked at like all others.
/// </remarks>
internal sealed class ExceptionSink : ISink, IDisposable
{
    private const string JsonReader = "Microsoft.AspNetCore.Grpc.JsonTranscoding";

    [ThreadStatic]
    private static bool _reading;

    private readonly ConcurrentDictionary<string, Type> _texts = new(StringComparer.Ordinal);

    public ExceptionSink()
    {
        AppDomain.CurrentDomain.FirstChanceException += Thrown;
        TaskScheduler.UnobservedTaskException += Unobserved;
    }

    public string Name => "exceptions";

    public bool HoldsBytes => false;

    /// <summary>All but those whose type is of a namespace.</summary>
    public ISink Without(string ns) => new Filtered(this, type => type.Namespace?.StartsWith(ns, StringComparison.Ordinal) != true);

    public Task<IReadOnlyList<string>> ReadAsync() => Task.FromResult(Texts(_ => true));

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Thrown;
        TaskScheduler.UnobservedTaskException -= Unobserved;
    }

    /// <summary>Makes the runtime report what nobody looked at: it does so when it collects the tasks.</summary>
    public static void CollectUnobserved()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private IReadOnlyList<string> Texts(Predicate<Type> wanted) => [.. _texts.Where(text => wanted(text.Value)).Select(text => text.Key)];

    private void Thrown(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (!_reading && !IsOfJsonReader(new StackTrace()))
        {
            Add(e.Exception);
        }
    }

    /// <summary>Whether the reader is nearer to the throw than anything of ours: it also calls our services.</summary>
    private static bool IsOfJsonReader(StackTrace stack) => stack.GetFrames()
        .Select(frame => frame.GetMethod()?.DeclaringType)
        .Where(type => type is not null && type != typeof(ExceptionSink))
        .Select(type => type!.Namespace ?? string.Empty)
        .FirstOrDefault(ns => ns.StartsWith("SpamGuard", StringComparison.Ordinal) || ns.StartsWith(JsonReader, StringComparison.Ordinal))
        ?.StartsWith(JsonReader, StringComparison.Ordinal) == true;

    private void Unobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        foreach (var inner in e.Exception.Flatten().InnerExceptions)
        {
            Add(inner);
        }
    }

    // Reading one exception may throw another.
    private void Add(Exception exception)
    {
        if (_reading)
        {
            return;
        }

        _reading = true;
        try
        {
            var text = new StringBuilder().AppendLine(exception.GetType().FullName).AppendLine(exception.ToString());
            for (var e = exception; e is not null; e = e.InnerException)
            {
                foreach (DictionaryEntry entry in e.Data)
                {
                    text.Append("  Data ").Append(entry.Key).Append('=').Append(entry.Value).AppendLine();
                }
            }

            _texts.TryAdd(text.ToString(), exception.GetType());
        }
        finally
        {
            _reading = false;
        }
    }

    private sealed class Filtered(ExceptionSink sink, Predicate<Type> wanted) : ISink
    {
        public string Name => sink.Name;

        public bool HoldsBytes => sink.HoldsBytes;

        public Task<IReadOnlyList<string>> ReadAsync() => Task.FromResult(sink.Texts(wanted));
    }
}
