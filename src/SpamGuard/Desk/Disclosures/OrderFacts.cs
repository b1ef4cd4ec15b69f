namespace SpamGuard.Desk.Disclosures;

/// <summary>What the ledger says of an order in the clear.</summary>
/// <param name="Country">The authority's country, as <see cref="Disclosures.Country"/> has it.</param>
/// <param name="AuthorityType">What kind of authority it is.</param>
/// <param name="LegalProcess">By what it is ordered.</param>
/// <param name="Category">What it is about.</param>
/// <param name="ValidUntil">Until when it may be executed, to the second.</param>
/// <param name="WithholdUntil">Until when it must not be spoken about, to the second; <c>null</c> where it need not be secret.</param>
internal sealed record OrderFacts(
    string Country, AuthorityType AuthorityType, LegalProcess LegalProcess, DisclosureCategory Category, DateTimeOffset ValidUntil, DateTimeOffset? WithholdUntil)
{
    /// <summary>How long an order may be valid. What is held when it is opened is gone by then, so a longer one could only be for what is yet to come.</summary>
    public static readonly TimeSpan LongestValidity = TimeSpan.FromDays(30);

    /// <summary>How long an order may be withheld from the report.</summary>
    public static readonly TimeSpan LongestWithholding = TimeSpan.FromDays(5 * 365);

    /// <summary>The country of a request that is refused, where it names none that there is: ISO 3166-1 leaves it to users.</summary>
    public const string CountryUnknown = "ZZ";

    /// <summary>What is entered of a request that is refused for its category, whatever else is wrong with it: a secrecy that could not be taken counts for nothing.</summary>
    public OrderFacts RefusedAt(DateTimeOffset now) => this with
    {
        Country = Disclosures.Country.IsCode(Country) ? Country : CountryUnknown,
        WithholdUntil = FaultsAt(now).Any(static fault => fault is OrderFault.WithholdingOver or OrderFault.WithholdingTooLong) ? null : WithholdUntil,
    };

    /// <summary>What of it can't be taken at a time.</summary>
    public IEnumerable<OrderFault> FaultsAt(DateTimeOffset now)
    {
        if (!Disclosures.Country.IsCode(Country))
        {
            yield return OrderFault.CountryUnknown;
        }

        if (ValidUntil <= now)
        {
            yield return OrderFault.ValidityOver;
        }
        else if (ValidUntil - now > LongestValidity)
        {
            yield return OrderFault.ValidityTooLong;
        }

        if (WithholdUntil <= now)
        {
            yield return OrderFault.WithholdingOver;
        }
        else if (WithholdUntil - now > LongestWithholding)
        {
            yield return OrderFault.WithholdingTooLong;
        }
    }
}

/// <summary>What of an order can't be taken.</summary>
internal enum OrderFault
{
    /// <summary>ISO 3166-1 has no such country.</summary>
    CountryUnknown,

    /// <summary>It is not valid any more.</summary>
    ValidityOver,

    /// <summary>It would be valid for longer than anything is held.</summary>
    ValidityTooLong,

    /// <summary>It is not secret any more.</summary>
    WithholdingOver,

    /// <summary>It would be secret for too long.</summary>
    WithholdingTooLong,
}
