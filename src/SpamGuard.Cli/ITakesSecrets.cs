namespace SpamGuard.Cli;

/// <summary>A verb whose users may type what must not be an argument, such as an address: no error about it, or about a verb below it, repeats an argument that is not known.</summary>
internal interface ITakesSecrets;
