using SpamGuard.Benchmarks;

return await BenchmarkCommands.RunAsync(args);
