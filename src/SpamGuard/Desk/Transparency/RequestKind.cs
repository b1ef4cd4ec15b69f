namespace SpamGuard.Desk.Transparency;

/// <summary>What a row of the report is about. All names are as in the ledger.</summary>
/// <param name="Country">ISO 3166-1, two letters.</param>
/// <param name="AuthorityType">Who asked, such as <c>court</c>.</param>
/// <param name="LegalProcess">By which instrument.</param>
/// <param name="Category">What it was about, such as <c>terrorism</c>.</param>
internal readonly record struct RequestKind(string Country, string AuthorityType, string LegalProcess, string Category) : IComparable<RequestKind>
{
    /// <inheritdoc/>
    public int CompareTo(RequestKind other)
    {
        var order = string.CompareOrdinal(Country, other.Country);
        order = order != 0 ? order : string.CompareOrdinal(AuthorityType, other.AuthorityType);
        order = order != 0 ? order : string.CompareOrdinal(LegalProcess, other.LegalProcess);
        return order != 0 ? order : string.CompareOrdinal(Category, other.Category);
    }

    public static bool operator <(RequestKind left, RequestKind right) => left.CompareTo(right) < 0;

    public static bool operator >(RequestKind left, RequestKind right) => left.CompareTo(right) > 0;

    public static bool operator <=(RequestKind left, RequestKind right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RequestKind left, RequestKind right) => left.CompareTo(right) >= 0;
}
