using System.Buffers.Text;
using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;

namespace SpamGuard.Testing.Privacy;

/// <summary>What callers were answered: bodies, headers, trailers, statuses; what stands in decision tokens too.</summary>
internal sealed class AnswerSink : ISink
{
    private readonly ConcurrentQueue<string> _answers = new();

    public string Name => "answers";

    public bool HoldsBytes => true;

    public int Count => _answers.Count;

    public Task<IReadOnlyList<string>> ReadAsync() => Task.FromResult<IReadOnlyList<string>>([.. _answers]);

    public void Add(string text) => _answers.Enqueue(text);

    public void Add(IMessage answer)
    {
        Add(answer.ToString()!);
        Add(Canaries.Piece(answer.ToByteArray()));
    }

    public void Add(RpcException error)
    {
        Add($"{error.StatusCode} {error.Status.Detail} {error.Status.DebugException}");
        Add(error.Trailers);
    }

    public void Add(Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            Add(entry.IsBinary ? $"{entry.Key}: {Canaries.Piece(entry.ValueBytes)}" : $"{entry.Key}: {entry.Value}");
        }
    }

    /// <summary>A decision token holds what an event was hashed to, sealed: in the clear it would be bytes.</summary>
    public void AddToken(string token)
    {
        Add(token);
        Add(Canaries.Piece(Base64Url.DecodeFromChars(token)));
    }
}
