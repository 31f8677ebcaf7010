using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Terminal;

/// <summary>WebSocket programs that nobody here wrote, as either side: they do what is typed and say what comes.</summary>
internal static class WebSocketPeers
{
    /// <summary>Python's websockets and node's ws.</summary>
    public static readonly string[] Names = ["python", "node"];

    public static Peer Connect(string name, string compression, string address, params string[] authority) => Start(name, ["connect", compression, address, .. authority]);

    public static Peer Listen(string name, string compression, params string[] certificate) => Start(name, ["listen", compression, .. certificate]);

    /// <summary>A certificate with its key, and itself as the authority to trust.</summary>
    public static (string Pem, string Authority, string Fingerprint) CreateCertificate(ScratchFolder folder)
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost", "127.0.0.1"]);
        using ECDsa key = certificate.Certificate.GetECDsaPrivateKey()!;
        (string pem, string authority) = (folder.PathOf("server.pem"), folder.PathOf("authority.pem"));
        File.WriteAllText(authority, certificate.ExportPem());
        File.WriteAllText(pem, certificate.ExportPem() + key.ExportPkcs8PrivateKeyPem() + "\n");
        return (pem, authority, certificate.Fingerprint);
    }

    private static Peer Start(string name, string[] arguments) =>
        name == "python" ? Programs.PythonWith("websockets", "ws_peer.py", arguments) : Programs.Node("ws_peer.js", arguments);
}
