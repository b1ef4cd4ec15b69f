namespace SpamGuard.Benchmarks;

/// <summary>A benchmark can't be run, or what it measured is worth nothing. The message is for the reader of the run.</summary>
internal sealed class BenchmarkException(string message, Exception? inner = null) : Exception(message, inner);
