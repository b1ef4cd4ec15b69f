using SpamGuard.Promise;

return await PromiseCommand.RunAsync(args);
