using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Runbooks.Architecture.Tests;

/// <summary>Public types as text that reads like C#, in a stable order.</summary>
internal static class ContractText
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (var type in types.OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            foreach (var member in Members(type))
            {
                text.Append("  ").Append(member).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Head(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);
        var word = (type.IsInterface, type.IsEnum, type.IsValueType) switch
        {
            (true, _, _) => "interface",
            (_, true, _) => "enum",
            (_, _, true) => isRecord ? "record struct" : "struct",
            _ => isRecord ? "record" : "class",
        };
        var kind = type switch
        {
            { IsInterface: true } or { IsValueType: true } => "",
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        var above = new[] { type.BaseType }.OfType<Type>().Where(t => t != typeof(object) && t != typeof(ValueType) && t != typeof(Enum))
            .Concat(type.GetInterfaces().Where(i => i.Namespace?.StartsWith("Runbooks", StringComparison.Ordinal) == true).OrderBy(i => i.Name, StringComparer.Ordinal))
            .Select(Name)
            .ToList();
        return $"{kind}{word} {Name(type)}{(above.Count > 0 ? $" : {string.Join(", ", above)}" : "")}";
    }

    /// <summary>Constructors first, the others by their names.</summary>
    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select((name, index) => $"{index} {name}");
        }

        const BindingFlags declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var constructors = type.GetConstructors(declared).Where(c => IsVisible(c) && IsWritten(c) && c.GetParameters().Length > 0).Select(c => $"new({Parameters(c)})");
        var properties = type.GetProperties(declared).Where(p => p.Name != "EqualityContract" && IsVisible(p.GetMethod)).Select(p => (p.Name, Text: Property(p)));
        var methods = type.GetMethods(declared).Where(m => IsVisible(m) && IsWritten(m) && !m.IsSpecialName && m.Name != "Deconstruct")
            .Select(m => (m.Name, Text: $"{Modifiers(m)}{Name(Nullability.Create(m.ReturnParameter))} {m.Name}({Parameters(m)})"));
        var fields = type.GetFields(declared).Where(f => f.IsPublic).Select(f => (f.Name, Text: $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}"));
        return constructors.Order(StringComparer.Ordinal)
            .Concat(properties.Concat(methods).Concat(fields).OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Text, StringComparer.Ordinal).Select(m => m.Text));
    }

    private static string Property(PropertyInfo property)
    {
        var required = property.IsDefined(typeof(RequiredMemberAttribute), inherit: false) ? "required " : "";
        var setter = property.SetMethod is not { } set || !IsVisible(set) ? ""
            : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        return $"{required}{(property.GetMethod is { } get ? Modifiers(get) : "")}{Name(Nullability.Create(property))} {property.Name} {{ get;{setter} }}";
    }

    private static string Modifiers(MethodBase method) =>
        (method.IsFamily ? "protected " : "")
        + (method.IsStatic ? "static " : "")
        + (method.DeclaringType?.IsInterface == true ? (method.IsAbstract ? "" : "default ")
            : method.IsAbstract ? "abstract "
            : method is { IsVirtual: true, IsFinal: false } ? (method.Attributes.HasFlag(MethodAttributes.NewSlot) ? "virtual " : "override ")
            : "");

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(p => $"{Name(Nullability.Create(p))} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "null"}" : "")}"));

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true };

    private static bool IsWritten(MethodBase method) => !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !method.Name.Contains('<', StringComparison.Ordinal);

    private static string Name(NullabilityInfo value)
    {
        var arguments = value.GenericTypeArguments.Select(Name).ToImmutableArray();
        var isOptional = Nullable.GetUnderlyingType(value.Type) is null && !value.Type.IsValueType && value.ReadState == NullabilityState.Nullable;
        return Name(value.Type, arguments) + (isOptional ? "?" : "");
    }

    private static string Name(Type type) => Name(type, [.. type.GetGenericArguments().Select(Name)]);

    private static string Name(Type type, ImmutableArray<string> arguments)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType() ?? typeof(object)) + "[]";
        }

        var name = type.Name.Split('`')[0];
        return (arguments.IsEmpty, name) switch
        {
            (true, "String") => "string",
            (true, "Boolean") => "bool",
            (true, "Byte") => "byte",
            (true, "Int32") => "int",
            (true, "Int64") => "long",
            (true, "Double") => "double",
            (true, "Void") => "void",
            (true, "Object") => "object",
            (true, _) => name,
            _ => $"{name}<{string.Join(", ", arguments)}>",
        };
    }
}
