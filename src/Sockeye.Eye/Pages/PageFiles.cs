using System.Reflection;
using System.Security.Cryptography;

namespace Sockeye.Eye.Pages;

/// <summary>The files of a page, which are in the program: by path. What the eye's page and the hub's have in common is below <c>/shared/</c> of each.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "web/";
    private const string Shared = Prefix + "shared/";

    private readonly Dictionary<string, PageFile> _files = [];

    /// <summary>Reads them.</summary>
    /// <param name="page">The assembly that the page is in.</param>
    public PageFiles(Assembly page)
    {
        Add(page, Prefix);
        Assembly common = typeof(PageFiles).Assembly;
        if (page != common)
            Add(common, Shared);
    }

    /// <summary>The file at a path; null: there is none.</summary>
    public PageFile? Find(string path) => _files.GetValueOrDefault(path is "/" ? "/index.html" : path);

    private void Add(Assembly assembly, string prefix)
    {
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string path = "/" + name[Prefix.Length..].Replace('\\', '/');
            _files.Add(path, new PageFile(bytes, TypeOf(path), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..8])}\""));
        }
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
