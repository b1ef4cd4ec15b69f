using System.Globalization;
using System.Net;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.Benchmarks.Serving;

/// <summary>A redis-server of this machine on a free port of 127.0.0.1, with the settings and accounts of a deployment; nothing reaches a disk.</summary>
internal sealed class BenchmarkRedis : IAsyncDisposable
{
    private readonly ProcessRedisHost _host = new();
    private ConnectionMultiplexer? _admin;

    /// <summary>What a scoring process connects by.</summary>
    public string ScorerConnection => RedisSettings.ConnectionString(_host.Endpoint, RedisAccount.Scorer);

    /// <summary>The same by another port of 127.0.0.1.</summary>
    public static string ScorerConnectionBy(int port) =>
        RedisSettings.ConnectionString(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), RedisAccount.Scorer);

    /// <summary>What the retention auditor connects by.</summary>
    public string AuditorConnection => RedisSettings.ConnectionString(_host.Endpoint, RedisAccount.Auditor);

    public EndPoint Endpoint => IPEndPoint.Parse(_host.Endpoint);

    private ConnectionMultiplexer Admin => _admin ?? throw new InvalidOperationException("Redis is not started.");

    public static async Task<BenchmarkRedis> StartAsync()
    {
        var redis = new BenchmarkRedis();
        try
        {
            await redis._host.StartAsync();
            redis._admin = await ConnectionMultiplexer.ConnectAsync(RedisSettings.Connect(redis._host.Endpoint, RedisAccount.Admin));
            return redis;
        }
        catch (InvalidOperationException e)
        {
            await redis.DisposeAsync();
            throw new BenchmarkException(e.Message, e);
        }
    }

    /// <summary>Version, for the head of a report.</summary>
    public async Task<string> VersionAsync() => await InfoAsync("server", "redis_version");

    /// <summary>Bytes that the allocator was asked for and did not get back.</summary>
    public async Task<long> UsedMemoryAsync() => long.Parse(await InfoAsync("memory", "used_memory"), CultureInfo.InvariantCulture);

    /// <summary>How often it broke off a purge of expired keys, for that had taken all the time that it may.</summary>
    public async Task<long> CappedPurgesAsync() => long.Parse(await InfoAsync("stats", "expired_time_cap_reached_count"), CultureInfo.InvariantCulture);

    public async Task<long> KeysAsync() => (long)await Admin.GetDatabase().ExecuteAsync("DBSIZE");

    /// <summary>Writes so many keys of addresses, each with a day to live.</summary>
    public async Task PlantAsync(int keys)
    {
        const int atOnce = 20_000;
        const string script = "for i = ARGV[1], ARGV[2] do redis.call('PSETEX', 'sg:a:{' .. string.format('%016d', i) .. '}', 86400000, string.rep('v', 33)) end";
        for (var from = 0; from < keys; from += atOnce)
        {
            await Admin.GetDatabase().ExecuteAsync("EVAL", script, 0, from, Math.Min(keys, from + atOnce) - 1);
        }
    }

    public async Task ClearAsync() => await Admin.GetDatabase().ExecuteAsync("FLUSHALL", "SYNC");

    public async Task LoadAsync(string script) => await Admin.GetDatabase().ExecuteAsync("SCRIPT", "LOAD", script);

    /// <summary>Its clock, in unix milliseconds.</summary>
    public async Task<long> TimeAsync()
    {
        var time = (RedisResult[]?)await Admin.GetDatabase().ExecuteAsync("TIME") ?? [];
        return ((long)time[0] * 1000) + ((long)time[1] / 1000);
    }

    /// <summary>Runs a script that takes numbers.</summary>
    public async Task EvaluateAsync(string script, params long[] numbers) =>
        await Admin.GetDatabase().ScriptEvaluateAsync(script, [], [.. numbers.Select(static number => (RedisValue)number)]);

    /// <summary>Ends it: connections are refused.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>Starts it again, empty.</summary>
    public Task RestartAsync() => _host.StartAsync();

    /// <summary>Freezes it: connections stay open, and nothing answers.</summary>
    public Task PauseAsync() => _host.PauseAsync();

    public Task ResumeAsync() => _host.ResumeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        await _host.DisposeAsync();
    }

    private async Task<string> InfoAsync(string section, string field)
    {
        var groups = await Admin.GetServer(_host.Endpoint).InfoAsync(section);
        return groups.SelectMany(static group => group).First(pair => pair.Key == field).Value;
    }
}
