using System.Diagnostics;

namespace SpamGuard;

/// <summary>Where all spans of the service come from. Without somebody who listens nothing is made and nothing allocated.</summary>
internal static class Traces
{
    /// <summary>The name of the source.</summary>
    public const string Name = "SpamGuard";

    /// <summary>The source. No attribute of its spans has room for an address, a token or a key: names of enumerations and numbers only.</summary>
    public static readonly ActivitySource Source = new(Name);

    /// <summary>The span of ours that this code runs in; <c>null</c> where there is none.</summary>
    public static Activity? Current => Source.HasListeners() && Activity.Current is { } current && ReferenceEquals(current.Source, Source) ? current : null;

    /// <summary>Marks a span as failed. No text of an exception comes into it.</summary>
    /// <param name="span">The span; nothing is done where there is none.</param>
    /// <param name="failure">What failed, as metrics name it.</param>
    public static void Failed(this Activity? span, string failure) => span?.SetTag("error.type", failure).SetStatus(ActivityStatusCode.Error);
}
