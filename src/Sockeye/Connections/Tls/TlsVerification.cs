using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sockeye;

/// <summary>Whether a peer's certificate is good enough, and if not, why: all that is wrong with it, in one sentence.</summary>
internal static class TlsVerification
{
    public static TlsException? CheckServer(
        string where, string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, TlsClientOptions options, DateTimeOffset now)
    {
        if (certificate is null)
            return Refusal(where, TlsFailure.InvalidCertificate, "it showed no certificate");
        if (options.AllowUntrusted)
            return null;
        if (options.Pins.Count > 0)
            return CheckPins(where, certificate, options.Pins, now);
        if (errors == SslPolicyErrors.None)
            return null;
        List<(TlsFailure Failure, string Reason)> problems = Problems(certificate, chain, now);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            problems.Add((TlsFailure.WrongName, $"its certificate is for {Names(certificate)}, not for {(host.Length == 0 ? "a host without a name" : host)}"));
        return Refusal(where, problems);
    }

    public static TlsException? CheckClient(
        string where, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, TlsServerOptions options, DateTimeOffset now)
    {
        if (options.ClientRoots is null)
            return null;
        if (certificate is null)
            return Refusal(where, TlsFailure.ClientCertificateMissing, "it showed no client certificate, and this server wants one");
        return errors == SslPolicyErrors.None ? null : Refusal(where, Problems(certificate, chain, now));
    }

    private static TlsException? CheckPins(string where, X509Certificate2 certificate, IReadOnlyList<string> pins, DateTimeOffset now)
    {
        string got = TlsFingerprint.Of(certificate);
        if (!pins.Contains(got, StringComparer.Ordinal))
        {
            return Refusal(where, TlsFailure.PinMismatch,
                $"its certificate is not the pinned one: got SHA-256 {got}, wanted {Display.List(pins, "or")}; either it was renewed, or somebody is in between");
        }

        return Dates(certificate, "its certificate", now) is { } problem ? Refusal(where, [problem]) : null;
    }

    private static List<(TlsFailure Failure, string Reason)> Problems(X509Certificate2 certificate, X509Chain? chain, DateTimeOffset now)
    {
        List<(TlsFailure, string)> problems = [];
        X509ChainStatusFlags all = X509ChainStatusFlags.NoError;
        foreach (X509ChainElement element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            X509ChainStatusFlags own = element.ChainElementStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
            all |= own;
            bool isLeaf = element.Certificate.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span);
            string whose = isLeaf ? "its certificate" : $"the certificate of its authority {Name(element.Certificate.SubjectName)}";
            if (own.HasFlag(X509ChainStatusFlags.NotTimeValid) && Dates(element.Certificate, whose, now) is { } dates)
                problems.Add(dates);
        }

        all |= chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status) ?? X509ChainStatusFlags.PartialChain;
        if ((all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
            problems.Add((TlsFailure.UnknownAuthority, Authority(certificate, chain)));
        X509ChainStatusFlags known = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain
            | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
        if ((all & ~known) is not X509ChainStatusFlags.NoError and var others)
            problems.Add((TlsFailure.InvalidCertificate, $"its certificate is not valid here ({others})"));
        return problems;
    }

    private static string Authority(X509Certificate2 certificate, X509Chain? chain)
    {
        if (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
            return $"its certificate is self-signed (SHA-256 {TlsFingerprint.Of(certificate)})";
        X500DistinguishedName last = chain is { ChainElements.Count: > 0 } ? chain.ChainElements[^1].Certificate.IssuerName : certificate.IssuerName;
        string root = last.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? "" : $", in the end {Name(last)}";
        return $"its certificate was issued by {Name(certificate.IssuerName)}{root}, an authority that is not trusted here";
    }

    private static (TlsFailure Failure, string Reason)? Dates(X509Certificate2 certificate, string whose, DateTimeOffset now)
    {
        DateTimeOffset from = new(certificate.NotBefore), until = new(certificate.NotAfter);
        if (now > until)
            return (TlsFailure.Expired, $"{whose} expired on {Print(until)}, {Print(now - until)} ago");
        if (now < from)
            return (TlsFailure.NotYetValid, $"{whose} is not valid until {Print(from)}, in {Print(from - now)}; check this machine's clock");
        return null;
    }

    private static TlsException Refusal(string where, TlsFailure failure, string reason) => new(failure, $"cannot trust {where}: {reason}");

    private static TlsException Refusal(string where, List<(TlsFailure Failure, string Reason)> problems)
    {
        if (problems.Count == 0)
            return Refusal(where, TlsFailure.InvalidCertificate, "its certificate is not valid here");
        string advice = problems.Exists(problem => problem.Failure == TlsFailure.UnknownAuthority)
            ? "; trust that authority, or pin the certificate if its owner confirms the fingerprint"
            : "";
        return Refusal(where, problems[0].Failure, string.Join(", and ", problems.Select(problem => problem.Reason)) + advice);
    }

    /// <summary>Whom a certificate is for: its alternative names, or of old its common name.</summary>
    private static string Names(X509Certificate2 certificate)
    {
        const int ShownMax = 5;
        string[] names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))];
        if (names.Length == 0)
            return Display.Shorten(Name(certificate.SubjectName));
        string more = names.Length > ShownMax ? $" and {names.Length - ShownMax} more" : "";
        return Display.Shorten(Display.List(names.Take(ShownMax))) + more;
    }

    private static string Name(X500DistinguishedName name) => Display.Quote(name.Name);

    private static string Print(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Print(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => $"{(long)time.TotalDays} days",
        { TotalHours: >= 2 } => $"{(long)time.TotalHours} hours",
        { TotalMinutes: >= 2 } => $"{(long)time.TotalMinutes} minutes",
        _ => $"{Math.Max(1, (long)time.TotalSeconds)} s",
    };
}
