namespace SpamGuard.Testing;

/// <summary>One Redis server that a test may stop, start, freeze and thaw; its endpoint stays the same throughout.</summary>
internal interface IRedisHost : IAsyncDisposable
{
    string Endpoint { get; }

    /// <summary>What runs here, for messages: an image or a path.</summary>
    string Description { get; }

    Task StartAsync();

    Task StopAsync();

    /// <summary>The server stops running but keeps its connections: to a client it looks like a hang, not like a refusal.</summary>
    Task PauseAsync();

    Task ResumeAsync();
}
