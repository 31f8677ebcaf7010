using System.Reflection;

namespace Sockeye.Repository.Tests;

/// <summary>The analyzer ignores a symbol it cannot find, in silence: a misspelt ban bans nothing.</summary>
public class BannedSymbolTests
{
    public static TheoryData<string> Symbols =>
        [.. Repository.Read("BannedSymbols.txt").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(';')[0])];

    [Theory]
    [MemberData(nameof(Symbols))]
    public void A_banned_symbol_exists(string symbol)
    {
        string name = symbol[2..].Split('(')[0];
        string owner = symbol[0] == 'T' ? name : name[..name.LastIndexOf('.')];
        Type? type = FindType(owner);
        Assert.NotNull(type);

        const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<string> there = symbol[0] switch
        {
            'T' => [symbol],
            'P' => type.GetProperties(All).Select(property => $"P:{owner}.{property.Name}"),
            'M' => type.GetConstructors(All).Concat<MethodBase>(type.GetMethods(All)).Select(method => $"M:{owner}.{IdOf(method)}"),
            _ => [],
        };
        Assert.Contains(symbol, there);
    }

    private static Type? FindType(string name) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
            .Select(file => Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetType(name))
            .FirstOrDefault(type => type is not null);

    private static string IdOf(MethodBase method)
    {
        string name = method.IsConstructor ? "#ctor" : method.Name;
        if (method.IsGenericMethod)
            name += $"``{method.GetGenericArguments().Length}";
        ParameterInfo[] parameters = method.GetParameters();
        return parameters.Length == 0 ? name : $"{name}({string.Join(',', parameters.Select(parameter => IdOf(parameter.ParameterType)))})";
    }

    private static string IdOf(Type type)
    {
        if (type.IsGenericMethodParameter)
            return $"``{type.GenericParameterPosition}";
        if (type.IsGenericTypeParameter)
            return $"`{type.GenericParameterPosition}";
        if (type.IsByRef || type.IsArray)
            return IdOf(type.GetElementType()!) + (type.IsByRef ? "@" : "[]");
        string name = $"{type.Namespace}.{type.Name.Split('`')[0]}";
        return type.IsGenericType ? $"{name}{{{string.Join(',', type.GetGenericArguments().Select(IdOf))}}}" : name;
    }
}
