using Microsoft.Extensions.Options;
using SpamGuard.Desk;
using SpamGuard.Desk.Audit;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Server;

/// <summary>Outside of development no connection that is made, the desk's and the auditor's too, leads to another machine in the open.</summary>
internal sealed class EncryptedStoreRules(IConfiguration configuration, IHostEnvironment environment) : IValidateOptions<SignalStoreOptions>
{
    private static readonly (string Connection, string? Switch)[] Connections =
    [
        (SignalStoreOptions.Section, null),
        (DeskOptions.Section, DeskOptions.EnabledKey),
        (AuditOptions.Connection, AuditOptions.EnabledKey),
    ];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SignalStoreOptions options)
    {
        if (environment.IsDevelopment())
        {
            return ValidateOptionsResult.Skip;
        }

        var faults = Connections.Where(one => one.Switch is null || configuration.IsOn(one.Switch))
            .Select(one => StoreWay.Fault($"ConnectionStrings:{one.Connection}", options.As(configuration.GetConnectionString(one.Connection) ?? string.Empty)))
            .OfType<string>()
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
