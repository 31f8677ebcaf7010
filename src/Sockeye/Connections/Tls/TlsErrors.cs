namespace Sockeye;

/// <summary>The one place where what the platform says of TLS becomes a sentence: who, why, and what to try.</summary>
internal static class TlsErrors
{
    /// <summary>OpenSSL's words for the alerts of RFC 8446, section 6.2, and for its own refusals.</summary>
    private static readonly (string Words, TlsFailure Failure, string AtClient, string AtServer)[] Known =
    [
        ("certificate required", TlsFailure.ClientCertificateMissing, "it wants a client certificate", "it refused the certificate request"),
        ("alert unknown ca", TlsFailure.CertificateRefused, "it does not know the authority of our client certificate", "it does not know the authority of our certificate: give it that authority, or a pin"),
        ("alert bad certificate", TlsFailure.CertificateRefused, "it refused our client certificate, or wants one", "it refused our certificate"),
        ("alert certificate unknown", TlsFailure.CertificateRefused, "it refused our client certificate", "it refused our certificate: it does not trust it, or asked for another name"),
        ("alert certificate expired", TlsFailure.CertificateRefused, "our client certificate has expired", "our certificate has expired"),
        ("alert certificate revoked", TlsFailure.CertificateRefused, "our client certificate was revoked", "our certificate was revoked"),
        ("alert unsupported certificate", TlsFailure.CertificateRefused, "it cannot use our client certificate", "it cannot use our certificate"),
        ("no application protocol", TlsFailure.NoCommonApplicationProtocol, "it speaks none of the application protocols (ALPN) offered", "it offered no application protocol (ALPN) that is spoken here"),
        ("protocol version", TlsFailure.NoCommonProtocol, "it speaks none of the TLS versions offered", "it speaks none of the TLS versions offered"),
        ("unsupported protocol", TlsFailure.NoCommonProtocol, "it speaks none of the TLS versions allowed here", "it offered no TLS version that is allowed here"),
        ("no protocols available", TlsFailure.NoCommonProtocol, "none of the TLS versions asked for exists here", "none of the TLS versions asked for exists here"),
        ("no shared cipher", TlsFailure.NoCommonProtocol, "the two have no cipher in common", "the two have no cipher in common"),
        ("frame size or a corrupted frame", TlsFailure.Handshake, "what it sent is no record of TLS", "what it sent is no record of TLS"),
        ("handshake failure", TlsFailure.NoCommonProtocol, "it found no common cipher, or wants a client certificate", "it found no common cipher"),
    ];

    public static TlsException ExplainHandshake(Exception error, string where, bool isServer, TlsTransport transport)
    {
        if (!transport.First.IsEmpty && !ProtocolGuess.IsTls(transport.First))
            return NotTls(error, where, isServer, transport.First);
        if (!isServer && ProtocolGuess.IsClientHello(transport.First))
            return new TlsException(TlsFailure.NotTls, $"cannot speak TLS with {where}: it sent our own ClientHello back, as an echo does; the port is not TLS: try tcp://", error);
        if (transport.HasEnded || transport.Fault is not null)
        {
            string how = transport.HasEnded ? "it closed the connection during the handshake" : $"the handshake broke off: {transport.Fault!.Message}";
            string advice = transport.First.IsEmpty ? isServer ? " before it said anything" : "; it may not speak TLS: try tcp://" : "";
            return new TlsException(TlsFailure.ClosedEarly, $"cannot speak TLS with {where}: {how}{advice}", error);
        }

        return Explain(error, where, isServer);
    }

    public static TlsException Explain(Exception error, string where, bool isServer)
    {
        string words = Innermost(error).Message;
        foreach ((string known, TlsFailure failure, string atClient, string atServer) in Known)
        {
            if (words.Contains(known, StringComparison.OrdinalIgnoreCase))
                return new TlsException(failure, $"cannot speak TLS with {where}: {(isServer ? atServer : atClient)}", error);
        }

        return new TlsException(TlsFailure.Handshake, $"cannot speak TLS with {where}: {Display.Shorten(words.ReplaceLineEndings(" "))}", error);
    }

    public static SocketTimeoutException TimedOut(string where, TimeSpan timeout, bool isServer, ReadOnlySpan<byte> first)
    {
        string seconds = HandshakeLimit.Seconds(timeout);
        string advice = isServer ? "" : "; it may not speak TLS: try tcp://";
        return new SocketTimeoutException(first.IsEmpty
            ? $"cannot speak TLS with {where}: it said nothing within {seconds}{advice}"
            : $"cannot speak TLS with {where}: the handshake was not done within {seconds}");
    }

    private static TlsException NotTls(Exception error, string where, bool isServer, ReadOnlySpan<byte> first)
    {
        string what = ProtocolGuess.Of(first) is { } guess ? $"{guess.Description}: {ProtocolGuess.Preview(first)}" : ProtocolGuess.Preview(first);
        string advice = isServer ? "a plain client came to a TLS port" : "the port is not TLS: try tcp://";
        return new TlsException(TlsFailure.NotTls, $"cannot speak TLS with {where}: it {(isServer ? "sent" : "answered with")} {what}; {advice}", error);
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
