namespace Sockeye.Bench.Race;

/// <summary>A program or a library that contenders are, or are built with.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Package">Debian's package that has it.</param>
/// <param name="Place">A program's name, looked for in PATH, or what else shows that it is there.</param>
internal sealed record Tool(string Name, string Package, string Place)
{
    /// <summary>Every one; <c>bench/race</c> installs what is missing.</summary>
    public static readonly Tool[] All =
    [
        new("gcc", "gcc", "gcc"),
        new("the C library's headers", "libc6-dev", "/usr/include/stdio.h"),
        new("liburing", "liburing-dev", "/usr/include/liburing.h"),
        new("go", "golang-go", "go"),
        new("python3", "python3", "python3"),
        new("Python's uvloop", "python3-uvloop", "/usr/lib/python3/dist-packages/uvloop"),
        new("taskset", "util-linux", "taskset"),
        new("socat", "socat", "socat"),
        new("haproxy", "haproxy", "haproxy"),
        new("nginx", "nginx-light", "nginx"),
        new("nginx's stream module", "libnginx-mod-stream", "/usr/lib/nginx/modules/ngx_stream_module.so"),
    ];

    /// <summary>Those that are not here.</summary>
    public static Tool[] Missing => [.. All.Where(tool => !tool.IsHere)];

    private bool IsHere => Path.IsPathRooted(Place)
        ? Path.Exists(Place)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Place)));

    /// <summary>What a contender needs is here.</summary>
    /// <exception cref="LeftOutException">It is not: the message names it and its package.</exception>
    public static void Require(params string[] names)
    {
        foreach (Tool tool in names.Select(name => All.First(tool => tool.Name == name)).Where(tool => !tool.IsHere))
            throw new LeftOutException($"{tool} is not installed");
    }

    public override string ToString() => $"{Name} (Debian's package {Package})";
}
