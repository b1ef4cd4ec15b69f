namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>What plants the canaries must not run beside what proves that they are nowhere: exceptions and traces are the whole process'.</summary>
[CollectionDefinition(nameof(CanaryCollection))]
public sealed class CanaryCollection;
