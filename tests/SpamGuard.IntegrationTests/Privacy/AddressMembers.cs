using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using SpamGuard.Addresses;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Which members of the product can hold an address, by their types: where it is handed on, and where it could stay.</summary>
internal static class AddressMembers
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly Type[] Addresses = [typeof(IPAddress), typeof(EndPoint), typeof(IPNetwork), typeof(ClientAddress)];

    /// <summary>Methods and properties that take or give an address, as <c>Type.Method</c>; constructors as <c>Type.new</c>. Those of the addresses' own folder are left out.</summary>
    public static IReadOnlyList<string> HandOvers(IEnumerable<Type> types) => Names(types.Where(IsWritten).SelectMany(HandOvers));

    /// <summary>
    /// Fields in which an address can stay: of an address type, of a type whose instances have such a field, or of any collection of either. As
    /// <c>Type.field</c>, a property's as the property; those that the compiler makes for an asynchronous method as <c>Type.Method()</c>, and for
    /// a lambda as <c>Type.lambda</c>.
    /// </summary>
    public static IReadOnlyList<string> Fields(IReadOnlyCollection<Type> types)
    {
        var outside = types.Where(static type => type.Namespace != typeof(ClientAddress).Namespace).ToList();
        var bearing = new HashSet<Type>();
        while (outside.FindAll(type => !bearing.Contains(type) && type.GetFields(Declared).Any(field => !field.IsStatic && IsBearing(field.FieldType))) is { Count: > 0 } more)
        {
            bearing.UnionWith(more);
        }

        return Names(outside.SelectMany(type => type.GetFields(Declared).Where(field => IsBearing(field.FieldType)).Select(field => FieldName(type, field.Name))));

        bool IsBearing(Type type) => Parts(type, ofDelegates: false).Any(part => Addresses.Any(address => address.IsAssignableFrom(part)) || bearing.Contains(part));
    }

    private static IEnumerable<string> HandOvers(Type type) =>
    [
        .. type.GetMethods(Declared).Where(static method => !IsMade(method) && Signature(method).Append(method.ReturnType).Any(Holds)).Select(method => $"{Name(type)}.{method.Name}"),
        .. type.GetConstructors(Declared).Where(static constructor => Signature(constructor).Any(Holds)).Select(_ => $"{Name(type)}.new"),
        .. type.GetProperties(Declared).Where(static property => Holds(property.PropertyType)).Select(property => $"{Name(type)}.{property.Name}"),
    ];

    private static bool IsWritten(Type type) => type.Namespace != typeof(ClientAddress).Namespace && !type.IsDefined(typeof(CompilerGeneratedAttribute));

    // What the compiler makes of a record, a property or a closure says nothing that the parts of it do not.
    private static bool IsMade(MethodInfo method) => method.IsSpecialName || method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name == "Deconstruct";

    private static IEnumerable<Type> Signature(MethodBase method) => method.GetParameters().Select(static parameter => parameter.ParameterType);

    private static bool Holds(Type type) => Parts(type, ofDelegates: true).Any(static part => Addresses.Any(address => address.IsAssignableFrom(part)));

    /// <summary>The type itself, what it is an array of or points to, and its arguments. A delegate is called with its arguments, and holds none.</summary>
    private static IEnumerable<Type> Parts(Type type, bool ofDelegates) =>
        !ofDelegates && typeof(Delegate).IsAssignableFrom(type)
            ? []
            :
            [
                type,
                .. type.GetElementType() is { } element ? Parts(element, ofDelegates) : [],
                .. type.GenericTypeArguments.SelectMany(argument => Parts(argument, ofDelegates)),
            ];

    private static List<string> Names(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Name(Type type) => type.FullName!.Replace("SpamGuard.", "", StringComparison.Ordinal);

    private static string FieldName(Type type, string field)
    {
        var name = Name(type);
        var made = name.IndexOf("+<", StringComparison.Ordinal);
        if (made < 0)
        {
            return field.EndsWith("k__BackingField", StringComparison.Ordinal) ? $"{name}.{field[1..field.IndexOf('>', StringComparison.Ordinal)]}" : $"{name}.{field}";
        }

        var method = name[(made + 2)..name.IndexOf('>', StringComparison.Ordinal)];
        return method.Length == 0 ? $"{name[..made]}.lambda" : $"{name[..made]}.{method}()";
    }
}
