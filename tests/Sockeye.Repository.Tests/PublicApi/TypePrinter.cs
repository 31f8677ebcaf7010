using System.Reflection;

namespace Sockeye.Repository.Tests.PublicApi;

/// <summary>Writes types as C# does: keywords, arrays, tuples, and <c>?</c> where null is allowed.</summary>
internal sealed class TypePrinter
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    private readonly NullabilityInfoContext _nullability = new();

    public string Print(Type type) => Print(type, null);

    public string Print(FieldInfo field) => Print(field.FieldType, _nullability.Create(field));

    public string Print(PropertyInfo property) => Print(property.PropertyType, _nullability.Create(property));

    public string Print(EventInfo one) => Print(one.EventHandlerType!, _nullability.Create(one));

    public string Print(ParameterInfo parameter)
    {
        NullabilityInfo nullability = _nullability.Create(parameter);
        bool isReturn = parameter.Position < 0;
        string reference = isReturn && parameter.ParameterType.IsByRef ? "ref " : "";
        return reference + Print(parameter.ParameterType, nullability);
    }

    /// <summary>A type's name where it is declared: with its outer types and the names of its type parameters.</summary>
    public string Declare(Type type)
    {
        string outer = type.DeclaringType is { } declaring ? Declare(declaring) + "." : "";
        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        return outer + Name(type) + Arguments([.. type.GetGenericArguments().Skip(inherited).Select(Variance)]);
    }

    private static string Variance(Type parameter) =>
        (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Covariant => "out ",
            GenericParameterAttributes.Contravariant => "in ",
            _ => "",
        } + parameter.Name;

    private string Print(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Print(type.GetElementType()!, nullability);
        if (type.IsPointer)
            return Print(type.GetElementType()!, null) + "*";
        if (type.IsFunctionPointer)
            return type.ToString();
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Print(underlying, Argument(nullability, 0)) + "?";

        string mark = !type.IsValueType && IsNullable(nullability) ? "?" : "";
        if (type.IsArray)
            return $"{Print(type.GetElementType()!, nullability?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        if (type.IsGenericParameter)
            return type.Name + mark;
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword + mark;

        string[] arguments = [.. type.GetGenericArguments().Select((argument, i) => Print(argument, Argument(nullability, i)))];
        if (arguments.Length > 1 && type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true)
            return $"({string.Join(", ", arguments)})";

        int inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string outer = type.DeclaringType is { } declaring ? Name(declaring) + Arguments(arguments[..inherited]) + "." : "";
        return outer + Name(type) + Arguments(arguments[inherited..]) + mark;
    }

    // What a setter accepts may differ from what a getter gives; the getter's word counts, where there is one.
    private static bool IsNullable(NullabilityInfo? nullability) =>
        nullability is not null &&
        (nullability.ReadState == NullabilityState.Unknown ? nullability.WriteState : nullability.ReadState) == NullabilityState.Nullable;

    private static NullabilityInfo? Argument(NullabilityInfo? nullability, int index) =>
        nullability is not null && index < nullability.GenericTypeArguments.Length ? nullability.GenericTypeArguments[index] : null;

    private static string Name(Type type) => type.Name.Split('`')[0];

    private static string Arguments(string[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments)}>";
}
