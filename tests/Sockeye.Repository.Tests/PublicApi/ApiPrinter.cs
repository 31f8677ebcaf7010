using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sockeye.Repository.Tests.PublicApi;

/// <summary>
/// Prints what an assembly shows to its users as C#-like declarations, one a line, sorted: for reading and comparing, not
/// for compiling. Attributes and what the compiler adds to records are left out.
/// </summary>
internal sealed class ApiPrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly StringBuilder _text = new();
    private readonly TypePrinter _types = new();

    public static string Print(Assembly assembly)
    {
        var printer = new ApiPrinter();
        string? current = null;
        foreach (Type type in assembly.GetTypes().Where(IsShown).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (current != type.Namespace)
                printer._text.Append(current is null ? "" : "\n").Append("namespace ").Append(current = type.Namespace).Append('\n');
            printer._text.Append('\n');
            printer.PrintType(type);
        }
        return printer._text.ToString();
    }

    private static bool IsShown(Type type) =>
        !type.Name.StartsWith('<') &&
        (type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsShown(type.DeclaringType!)));

    private static bool IsShown(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private void PrintType(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            _text.Append($"public delegate {_types.Print(invoke.ReturnParameter)} {_types.Declare(type)}({Parameters(invoke)}){Constraints(type.GetGenericArguments())};\n");
            return;
        }

        List<string> members = type.IsEnum ? [.. EnumMembers(type)] : [.. Members(type).Order(StringComparer.Ordinal)];
        _text.Append($"{Access(type)}{Kind(type)} {_types.Declare(type)}{Bases(type)}{Constraints(type.GetGenericArguments())}\n{{\n");
        foreach (string member in members)
            _text.Append("    ").Append(member).Append('\n');
        _text.Append("}\n");
    }

    private static string Access(Type type) => type.IsNestedFamily || type.IsNestedFamORAssem ? "protected " : "public ";

    private static string Kind(Type type)
    {
        if (type.IsEnum)
            return "enum";
        if (type.IsInterface)
            return "interface";
        if (type.IsValueType)
        {
            string kind = Has<IsReadOnlyAttribute>(type) ? "readonly " : "";
            kind += type.IsByRefLike ? "ref " : "";
            return kind + (type.GetMethod("PrintMembers", Declared) is not null ? "record struct" : "struct");
        }
        string modifier = (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };
        return modifier + (IsRecord(type) ? "record" : "class");
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", Declared) is not null;

    private string Bases(Type type)
    {
        if (type.IsEnum)
        {
            Type underlying = Enum.GetUnderlyingType(type);
            return underlying == typeof(int) ? "" : $" : {_types.Print(underlying)}";
        }
        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases.Add(_types.Print(parent));
        Type[] interfaces = type.GetInterfaces();
        IEnumerable<Type> inherited = interfaces.SelectMany(one => one.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []);
        bases.AddRange(interfaces.Where(one => one.IsVisible).Except(inherited).Select(_types.Print).Order(StringComparer.Ordinal));
        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static IEnumerable<string> EnumMembers(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)},");

    private IEnumerable<string> Members(Type type)
    {
        foreach (ConstructorInfo constructor in type.GetConstructors(Declared).Where(one => IsShown(one) && !one.IsStatic && !IsGenerated(one)))
            yield return $"{Access(constructor)}{type.Name.Split('`')[0]}({Parameters(constructor)});";
        foreach (FieldInfo field in type.GetFields(Declared).Where(one => (one.IsPublic || one.IsFamily || one.IsFamilyOrAssembly) && !one.IsSpecialName))
            yield return Print(field);
        foreach (PropertyInfo property in type.GetProperties(Declared).Where(one => IsShown(one.GetMethod) || IsShown(one.SetMethod)))
        {
            if (!(property.Name == "EqualityContract" && IsRecord(type)))
                yield return Print(property);
        }
        foreach (EventInfo one in type.GetEvents(Declared).Where(one => IsShown(one.AddMethod)))
            yield return $"{Modifiers(one.AddMethod!)}event {_types.Print(one)} {one.Name};";
        foreach (MethodInfo method in type.GetMethods(Declared).Where(one => IsShown(one) && !IsGenerated(one) && (!one.IsSpecialName || IsOperator(one))))
            yield return Print(method);
    }

    private string Print(FieldInfo field)
    {
        string access = field.IsPublic ? "public " : "protected ";
        if (field.IsLiteral)
            return $"{access}const {_types.Print(field)} {field.Name} = {Constant(field.GetRawConstantValue(), field.FieldType)};";
        string kind = (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "") + (Has<RequiredMemberAttribute>(field) ? "required " : "");
        return $"{access}{kind}{_types.Print(field)} {field.Name};";
    }

    private string Print(PropertyInfo property)
    {
        MethodInfo first = property.GetMethod is { } getter && IsShown(getter) ? getter : property.SetMethod!;
        ParameterInfo[] index = property.GetIndexParameters();
        string name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";
        string required = Has<RequiredMemberAttribute>(property) ? "required " : "";
        string accessors = "";
        if (IsShown(property.GetMethod))
            accessors += "get; ";
        if (IsShown(property.SetMethod))
        {
            bool isInit = property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            accessors += (first.IsPublic && !property.SetMethod.IsPublic ? "protected " : "") + (isInit ? "init; " : "set; ");
        }
        return $"{Modifiers(first)}{required}{_types.Print(property)} {name} {{ {accessors}}}";
    }

    private string Print(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(one => one.Name))}>" : "";
        string extension = Has<ExtensionAttribute>(method) ? "this " : "";
        string name = IsOperator(method) ? "operator " + method.Name["op_".Length..] : method.Name;
        return $"{Modifiers(method)}{_types.Print(method.ReturnParameter)} {name}{generic}({extension}{Parameters(method)}){Constraints(method.GetGenericArguments())};";
    }

    private static string Access(MethodBase method) =>
        method.DeclaringType!.IsInterface ? "" : method.IsPublic ? "public " : method.IsFamilyOrAssembly ? "protected internal " : "protected ";

    private static string Modifiers(MethodInfo method)
    {
        string text = Access(method);
        Type declaring = method.DeclaringType!;
        if (method.IsStatic)
            text += method.IsAbstract ? "static abstract " : method.IsVirtual ? "static virtual " : "static ";
        else if (declaring.IsInterface)
            text += method.IsAbstract ? "" : "virtual ";
        else if (method.GetBaseDefinition() != method)
            text += method.IsFinal ? "sealed override " : method.IsAbstract ? "abstract override " : "override ";
        else if (method.IsAbstract)
            text += "abstract ";
        else if (method.IsVirtual && !method.IsFinal)
            text += "virtual ";
        bool isReadOnlyMember = declaring.IsValueType && !Has<IsReadOnlyAttribute>(declaring) && Has<IsReadOnlyAttribute>(method);
        return isReadOnlyMember ? text + "readonly " : text;
    }

    private string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private string Parameter(ParameterInfo parameter)
    {
        string kind = parameter switch
        {
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true } when Has<IsReadOnlyAttribute>(parameter) => "in ",
            { ParameterType.IsByRef: true } when Has<RequiresLocationAttribute>(parameter) => "ref readonly ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when Has<ParamArrayAttribute>(parameter) || Has<ParamCollectionAttribute>(parameter) => "params ",
            _ => "",
        };
        string value = parameter.HasDefaultValue ? " = " + Constant(parameter.RawDefaultValue, parameter.ParameterType) : "";
        return $"{kind}{_types.Print(parameter)} {parameter.Name}{value}";
    }

    private string Constant(object? value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (value is not null && type.IsEnum)
        {
            object member = Enum.ToObject(type, value);
            return Enum.IsDefined(type, member)
                ? $"{_types.Print(type)}.{member}"
                : $"({_types.Print(type)}){Convert.ToString(value, CultureInfo.InvariantCulture)}";
        }
        return value switch
        {
            null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
            string text => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r", "\\r").Replace("\n", "\\n")}\"",
            char character => $"'{character}'",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private string Constraints(Type[] arguments)
    {
        var text = new StringBuilder();
        foreach (Type argument in arguments.Where(one => one.IsGenericParameter))
        {
            GenericParameterAttributes flags = argument.GenericParameterAttributes;
            bool isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
            var constraints = new List<string>();
            if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
                constraints.Add("class");
            if (isStruct)
                constraints.Add("struct");
            constraints.AddRange(argument.GetGenericParameterConstraints().Where(one => one != typeof(ValueType)).Select(_types.Print));
            if (!isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
                constraints.Add("new()");
            if (flags.HasFlag(GenericParameterAttributes.AllowByRefLike))
                constraints.Add("allows ref struct");
            if (constraints.Count > 0)
                text.Append($" where {argument.Name} : {string.Join(", ", constraints)}");
        }
        return text.ToString();
    }

    private static bool IsOperator(MethodInfo method) => method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsGenerated(MethodBase method) => method.Name.Contains('<') || Has<CompilerGeneratedAttribute>(method);

    private static bool Has<T>(ICustomAttributeProvider on)
        where T : Attribute => on.IsDefined(typeof(T), inherit: false);
}
