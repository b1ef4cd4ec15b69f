using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpamGuard.Cli;

/// <summary>
/// Messages for scripts: an object a line, each with <c>message</c>. The last one of a run that did not end well says by <c>code</c>, <c>reason</c> and <c>field</c>
/// why: so where there is one message, as of most failures, all of it is one JSON object. For concurrent use.
/// </summary>
/// <param name="errors">Where they go.</param>
internal sealed class JsonMessages(TextWriter errors)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private JsonObject? _last;

    /// <summary>Takes a message; the one before it is written.</summary>
    public void Add(JsonObject message)
    {
        lock (_gate)
        {
            Write();
            _last = message;
        }
    }

    /// <summary>Writes what is held.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            Write();
        }
    }

    /// <summary>Writes the last one.</summary>
    /// <param name="code">Why the run did not end well, where the message does not say so itself; <c>null</c> where it did.</param>
    public void End(string? code)
    {
        lock (_gate)
        {
            if (code is not null && _last is not null && !_last.ContainsKey("code"))
            {
                _last = new JsonObject { ["code"] = code, ["reason"] = null, ["message"] = _last["message"]!.DeepClone(), ["field"] = null };
            }

            Write();
        }
    }

    private void Write()
    {
        if (_last is not null)
        {
            errors.WriteLine(_last.ToJsonString(Readable));
            _last = null;
        }
    }
}
