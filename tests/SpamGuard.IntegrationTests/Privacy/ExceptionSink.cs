using System.Collections.Concurrent;
using System.Collections;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>
/// Every exception of the process while this lives: as it is thrown, whoever catches it, and those that nobody looks at. All inner ones and
/// their <see cref="Exception.Data"/> too.
/// </summary>
/// <remarks>
/// Other tests of the process throw into it as well; they know none of the canaries. Two sources are left out: the framework's readers of
/// HTTP and of JSON quote what they can't read, to themselves. They catch that again and make a log and an answer of it, and those are looked at
/// like all others.
/// </remarks>
internal sealed class ExceptionSink : ISink, IDisposable
{
    private static readonly string[] Readers = ["Microsoft.AspNetCore.Grpc.JsonTranscoding", "Microsoft.AspNetCore.Server.Kestrel"];

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

    /// <summary>All but those that were caught and whose type is of a namespace.</summary>
    public ISink Without(string ns) => new Filtered(this, type => type.Namespace is not { } own || !IsIn(own, ns));

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
        if (!_reading && !IsOfReader(new StackTrace()))
        {
            Add(e.Exception, e.Exception.GetType());
        }
    }

    /// <summary>Whether a reader is nearer to the throw than anything else of the server: both also call what is behind them.</summary>
    private static bool IsOfReader(StackTrace stack)
    {
        var nearest = stack.GetFrames()
            .Select(frame => frame.GetMethod()?.DeclaringType)
            .Where(type => type != typeof(ExceptionSink))
            .Select(type => type?.Namespace)
            .FirstOrDefault(ns => ns is not null && (IsIn(ns, "SpamGuard") || IsIn(ns, "Microsoft.AspNetCore")));
        return nearest is not null && Readers.Any(reader => IsIn(nearest, reader));
    }

    private static bool IsIn(string name, string ns) => name.StartsWith(ns, StringComparison.Ordinal);

    private void Unobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        foreach (var inner in e.Exception.Flatten().InnerExceptions)
        {
            Add(inner, typeof(AggregateException));
        }
    }

    // Reading one exception may throw another. One that nobody looked at counts as what the runtime makes of it: it was not caught.
    private void Add(Exception exception, Type type)
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

            _texts[text.ToString()] = type;
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
