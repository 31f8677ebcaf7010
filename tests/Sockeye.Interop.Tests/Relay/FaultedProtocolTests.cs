using System.IO.Pipelines;
using System.Security.Cryptography;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Relay;

/// <summary>Faults where TLS or a WebSocket is between: they come to what is said, and nothing of it is lost or changed, nor its end.</summary>
public class FaultedProtocolTests
{
    private const string SlicePlan = "slice=1";
    private const string SlowPlan = "delay=5ms±5ms, rate=2mbit";
    private const int Length = 3000;

    [Theory]
    [InlineData("tls://127.0.0.1:0", "tcp://127.0.0.1:0", SlicePlan)]
    [InlineData("tls://127.0.0.1:0", "tcp://127.0.0.1:0", SlowPlan)]
    [InlineData("tcp://127.0.0.1:0", "tls://127.0.0.1:0", SlicePlan)]
    [InlineData("tcp://127.0.0.1:0", "tls://127.0.0.1:0", SlowPlan)]
    [InlineData("ws://127.0.0.1:0/", "tcp://127.0.0.1:0", SlicePlan)]
    [InlineData("tcp://127.0.0.1:0", "ws://127.0.0.1:0/", SlowPlan)]
    [InlineData("tls://127.0.0.1:0", "ws://127.0.0.1:0/", SlicePlan)]
    public async Task All_that_is_said_comes_back_as_it_was(string door, string target, string plan)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        byte[] said = RandomNumberGenerator.GetBytes(Length);
        await using ServingPeer server = await ServingPeer.EchoAsync(target, Own(target, "--self-signed"));
        await using ServingPeer tap = await ServingPeer.TapAsync(door, server.Address, ["--fault", plan, "--fault-seed", "5", .. Own(door, "--self-signed"), .. Own(target, "--target-insecure")]);
        await using Connection client = await Network.Host.ConnectAsync(tap.Address, new ConnectorOptions { Tls = new TlsClientOptions { AllowUntrusted = true } }, stop);
        Task saying = SayAsync(client, said, stop);
        ReadResult heard = await client.Input.ReadAtLeastAsync(Length + 1, stop).AsTask().WaitAsync(Hang.Limit, stop);
        Assert.Equal(said, System.Buffers.BuffersExtensions.ToArray(heard.Buffer));
        Assert.True(heard.IsCompleted);
        await saying;
    }

    /// <summary>A client that nobody here wrote.</summary>
    [Theory]
    [InlineData(SlicePlan)]
    [InlineData(SlowPlan)]
    public async Task OpenSSL_hears_its_words(string plan)
    {
        await using ServingPeer server = await ServingPeer.UpperAsync();
        await using ServingPeer tap = await ServingPeer.TapAsync("tls://127.0.0.1:0", server.Address, "--self-signed", "--fault", plan);
        await using Peer client = Programs.OpenSsl("s_client", "-connect", $"127.0.0.1:{tap.Address.Port}", "-quiet");
        await client.TypeAsync("a word through faults");
        await client.SaysAsync("A WORD THROUGH FAULTS");
    }

    private static string[] Own(string address, string option) => address.StartsWith("tls", StringComparison.Ordinal) ? [option] : [];

    private static async Task SayAsync(Connection client, byte[] said, CancellationToken stop)
    {
        await client.WriteAsync(said, stop);
        await client.Output.CompleteAsync();
    }
}
