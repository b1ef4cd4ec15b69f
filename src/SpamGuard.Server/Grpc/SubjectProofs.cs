using Grpc.Core;
using SpamGuard.Addresses;
using SpamGuard.Desk;
using SpamGuard.Feedback;
using SpamGuard.Storage;

namespace SpamGuard.Server.Grpc;

/// <summary>Whether a decision token shows that its bearer was at an address lately.</summary>
internal sealed class SubjectProofs(DecisionTokens decisions, SubjectTokens subjects, StoreClock clock)
{
    /// <summary>How old a decision may be. Addresses change hands: who had one last week need not be who has it now.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    /// <summary>Passes where there is no token to check: then the proof was an attestation.</summary>
    /// <param name="decisionToken">The token, or nothing.</param>
    /// <param name="address">The address that it must speak of.</param>
    /// <exception cref="RpcException">The token shows nothing.</exception>
    /// <exception cref="StoreException">The salts are not known.</exception>
    public void Check(string decisionToken, ClientAddress address)
    {
        if (decisionToken.Length == 0)
        {
            return;
        }

        var state = decisions.Open(decisionToken, out var decision);
        if (state == TokenState.Unknown)
        {
            throw new StoreException(StoreFailure.Unavailable, "The salts are not known.");
        }

        if (state == TokenState.Expired || decision?.Time < clock.Now - (long)MaxAge.TotalSeconds)
        {
            throw Errors.BadRequest([Violations.DecisionTokenTooOld()]).ToRpcException();
        }

        if (decision is null)
        {
            throw Errors.Of(state).ToRpcException();
        }

        // A preview can be had of any address, and from an old token at any time: by it the day would never end.
        if (decision.IsPreview)
        {
            throw Errors.BadRequest([Violations.DecisionTokenOfAPreview()]).ToRpcException();
        }

        if (!subjects.Matches(address, decision.AddressEpoch, decision.Footprint.Address))
        {
            throw Errors.BadRequest([Violations.DecisionTokenOfAnotherAddress()]).ToRpcException();
        }
    }
}
