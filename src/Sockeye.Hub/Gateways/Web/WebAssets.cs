using System.Reflection;
using System.Security.Cryptography;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>The files of the page, which are in the program: by path.</summary>
internal static class WebAssets
{
    private const string Prefix = "web/";

    private static readonly Lazy<Dictionary<string, WebAsset>> All = new(Load);

    /// <summary>The file at a path; null: there is none.</summary>
    public static WebAsset? Find(string path) => All.Value.GetValueOrDefault(path is "/" ? "/index.html" : path);

    private static Dictionary<string, WebAsset> Load()
    {
        Assembly assembly = typeof(WebAssets).Assembly;
        Dictionary<string, WebAsset> assets = [];
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string path = "/" + name[Prefix.Length..].Replace('\\', '/');
            assets.Add(path, new WebAsset(bytes, TypeOf(path), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..8])}\""));
        }

        return assets;
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    };
}
