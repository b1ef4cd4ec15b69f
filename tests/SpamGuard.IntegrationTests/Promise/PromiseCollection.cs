namespace SpamGuard.IntegrationTests.Promise;

/// <summary>Walks start servers of their own and look at their answers in time: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(PromiseCollection), DisableParallelization = true)]
public sealed class PromiseCollection;
