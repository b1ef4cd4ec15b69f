using System.Globalization;

namespace SpamGuard.Testing;

/// <summary>A Redis that is a process of this machine, for where no Docker engine answers.</summary>
internal sealed class ProcessRedisHost : IRedisHost
{
    private readonly int _port = FreePorts.TakeOne();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-redis-");
    private RedisProcess? _process;

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    public string Description => RedisProcess.Executable("redis-server");

    public async Task StartAsync() =>
        _process = await RedisProcess.StartAsync(
            _folder.FullName, [.. RedisSettings.ListenOn(_port), .. RedisSettings.Arguments(RedisUsers.Write(RedisUsers.Standalone, _folder))]);

    public async Task StopAsync()
    {
        await Running.DisposeAsync();
        _process = null;
    }

    public Task PauseAsync()
    {
        Running.Pause();
        return Task.CompletedTask;
    }

    public Task ResumeAsync()
    {
        Running.Resume();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        _folder.Delete(recursive: true);
    }

    private RedisProcess Running => _process ?? throw new InvalidOperationException("This Redis is stopped.");
}
