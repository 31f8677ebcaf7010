using System.Diagnostics;
using System.Globalization;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Capture;

/// <summary>Wireshark's opinion of a file, by its program for terminals.</summary>
internal static class Tshark
{
    /// <summary>All that it finds wrong with a packet: malformed, checksums that are not right or not there, and every finding of its TCP analysis.</summary>
    private const string Complaints =
        "_ws.malformed || tcp.analysis.flags || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0"
        + " || (ip && !(ip.checksum.status == 1)) || (tcp && !(tcp.checksum.status == 1)) || (udp && !(udp.checksum.status == 1))";

    /// <summary>What the packets carry is no protocol, whatever Wireshark knows by the port that it happened to go through.</summary>
    private static readonly string[] Checking =
    [
        "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-d", "tcp.port==1-65535,data", "-d", "udp.port==1-65535,data",
    ];

    /// <summary>It reads the file and complains of nothing.</summary>
    public static async Task AssertSoundAsync(string file)
    {
        Assert.Equal("", await RunAsync("tshark", ["-r", file, .. Checking, "-Y", Complaints]));
        Assert.Contains("File encapsulation:  Raw IP", await RunAsync("capinfos", [file]), StringComparison.Ordinal);
    }

    /// <summary>The same of a file that lacks bytes: that they are lost is all that it says.</summary>
    public static async Task AssertSoundButForHolesAsync(string file)
    {
        string complaints = Complaints.Replace("tcp.analysis.flags", "(tcp.analysis.flags && !tcp.analysis.lost_segment && !tcp.analysis.ack_lost_segment)", StringComparison.Ordinal);
        Assert.Equal("", await RunAsync("tshark", ["-r", file, .. Checking, "-Y", complaints]));
        Assert.NotEmpty(await FieldsAsync(file, "tcp.analysis.lost_segment", "frame.number"));
    }

    /// <summary>Follows the first <paramref name="count"/> streams, in the order they begin in the file.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="protocol">tcp, udp or tls.</param>
    /// <param name="count">How many.</param>
    public static async Task<IReadOnlyList<FollowedStream>> FollowAsync(string file, string protocol, int count = 1)
    {
        List<string> arguments = ["-r", file, "-q"];
        for (int stream = 0; stream < count; stream++)
            arguments.AddRange(["-z", string.Create(CultureInfo.InvariantCulture, $"follow,{protocol},raw,{stream}")]);
        string[] parts = [.. (await RunAsync("tshark", arguments)).Split(new string('=', 67)).Where(part => part.Contains("Follow: ", StringComparison.Ordinal))];
        Assert.Equal(count, parts.Length);

        // Not in the order they were asked for.
        return [.. parts.Select(Parse).OrderBy(each => each.Number).Select(each => each.Stream)];
    }

    /// <summary>A line for each packet that passes the filter, its fields between tabs.</summary>
    public static async Task<string[]> FieldsAsync(string file, string filter, params string[] fields) =>
        (await RunAsync("tshark", ["-r", file, "-Y", filter, "-T", "fields", .. fields.SelectMany(field => new[] { "-e", field })])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What capinfos prints.</summary>
    public static Task<string> DescribeAsync(string file) => RunAsync("capinfos", [file]);

    private static (int Number, FollowedStream Stream) Parse(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string filter = lines.Single(line => line.StartsWith("Filter: ", StringComparison.Ordinal));
        int first = Array.FindIndex(lines, line => line.StartsWith("Node 1: ", StringComparison.Ordinal));
        string client = lines[first - 1]["Node 0: ".Length..];
        string server = lines[first]["Node 1: ".Length..];
        List<byte>[] bytes = [[], []];
        foreach (string line in lines.Skip(first + 1))
            bytes[line[0] == '\t' ? 1 : 0].AddRange(Convert.FromHexString(line.Trim()));
        return (int.Parse(filter[(filter.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture), new FollowedStream(client, server, [.. bytes[0]], [.. bytes[1]]));
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Programs.Find(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Hang.Limit);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(stop.Token);
            string output = await process.StandardOutput.ReadToEndAsync(stop.Token);
            await process.WaitForExitAsync(stop.Token);
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}");
            return output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
