namespace Sockeye.Bench.Hub;

/// <summary>The peers' settings: what their packages have, with every limit opened that a load test would meet, and no look-ups of names or users.</summary>
internal static class IrcConfigurations
{
    /// <summary>No penalty for speed (MaxPenaltyTime), no limit of connections, no ident, no DNS, no PAM; pings so rare that none falls into a round.</summary>
    public static string Ngircd(int port, (string Certificate, string Key)? tls) => $"""
        [Global]
            Name = bench.example.net
            Info = bench
            Listen = 127.0.0.1
            {(tls is null ? $"Ports = {port}" : "")}
            MotdPhrase = "bench"
            ServerGID = root
            ServerUID = root
        [Limits]
            MaxConnections = 0
            MaxConnectionsIP = 0
            MaxJoins = 10
            MaxPenaltyTime = 0
            PingTimeout = 3600
            PongTimeout = 600
        [Options]
            DNS = no
            Ident = no
            PAM = no
            SyslogFacility = local1
        {(tls is { } files ? $"[SSL]\nCertFile = {files.Certificate}\nKeyFile = {files.Key}\nPorts = {port}" : "")}

        """;

    /// <summary>
    /// No flood control (fakelag, threshold, commandrate, recvq), queues far above what may wait, no host names looked up; its modules are those its package loads
    /// without being asked, the core ones.
    /// </summary>
    public static string Inspircd(int port, (string Certificate, string Key)? tls) => $"""
        <server name="bench.example.net" description="bench" network="bench" id="97K">
        <admin name="bench" nick="bench" email="bench@example.net">
        {(tls is { } files ? $"<module name=\"ssl_gnutls\"><sslprofile name=\"bench\" provider=\"gnutls\" certfile=\"{files.Certificate}\" keyfile=\"{files.Key}\">" : "")}
        <bind address="127.0.0.1" port="{port}" type="clients" {(tls is null ? "" : "sslprofile=\"bench\"")}>
        <connect name="main" allow="*" timeout="60" pingfreq="2h" hardsendq="100M" softsendq="50M" recvq="10M"
                 threshold="1000000" commandrate="100000000" fakelag="no" localmax="30000" globalmax="30000"
                 resolvehostnames="no" useident="no" limit="30000">
        <cidr ipv4clone="32" ipv6clone="128">
        <performance netbuffersize="65534" somaxconn="4096" softlimit="30000" quietbursts="yes" clonesonconnect="no">
        <options defaultmodes="" prefixquit="Quit: ">
        <maxlist chan="*" limit="100">

        """;
}
