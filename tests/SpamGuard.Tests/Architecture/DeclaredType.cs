namespace SpamGuard.Tests.Architecture;

/// <param name="Name">Without type parameters.</param>
/// <param name="IsClass">A class or a record class.</param>
/// <param name="IsClosed">Sealed or static: nobody can derive from it.</param>
internal sealed record DeclaredType(string Name, bool IsClass, bool IsClosed);
