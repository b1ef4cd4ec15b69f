using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpamGuard.Policies;

/// <summary>A factor per signal, by which its log-odds are multiplied before they are summed; 1 where nothing is said. Immutable.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class SignalWeights : IEquatable<SignalWeights>
{
    /// <summary>Every signal as the model found it.</summary>
    public static readonly SignalWeights One = new([.. Enumerable.Repeat(1.0, ReasonCodes.SignalCount)]);

    private readonly double[] _weights;

    private SignalWeights(double[] weights) => _weights = weights;

    /// <summary>The factor of a signal.</summary>
    public double this[SignalCode code] => _weights[(int)code];

    /// <summary>The same, with another factor for one signal.</summary>
    public SignalWeights With(SignalCode code, double weight)
    {
        double[] weights = [.. _weights];
        weights[(int)code] = weight;
        return new SignalWeights(weights);
    }

    /// <inheritdoc/>
    public bool Equals(SignalWeights? other) => other is not null && _weights.AsSpan().SequenceEqual(other._weights);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SignalWeights);

    /// <inheritdoc/>
    public override int GetHashCode() => _weights.Aggregate(0, HashCode.Combine);

    /// <summary>Written by name, and only those that are not 1: a policy's revision is made of this.</summary>
    private sealed class Converter : JsonConverter<SignalWeights>
    {
        public override SignalWeights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Policies are read from their own file.");

        public override void Write(Utf8JsonWriter writer, SignalWeights value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            for (var code = 0; code < ReasonCodes.SignalCount; code++)
            {
                if (value._weights[code] is not 1.0)
                {
                    writer.WriteNumber(((SignalCode)code).Name(), value._weights[code]);
                }
            }

            writer.WriteEndObject();
        }
    }
}
