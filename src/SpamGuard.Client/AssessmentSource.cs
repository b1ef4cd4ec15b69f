namespace SpamGuard.Client;

/// <summary>Who gave a verdict.</summary>
public enum AssessmentSource
{
    /// <summary>The service.</summary>
    Service = 1,

    /// <summary>This client, because the service gave none in time: the verdict is the configured one for that.</summary>
    Fallback = 2,
}
