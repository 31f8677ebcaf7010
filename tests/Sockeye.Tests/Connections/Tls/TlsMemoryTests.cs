using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Sockeye.Interop;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>What a TLS connection holds while it waits.</summary>
public sealed class TlsMemoryTests : TlsTestBase
{
    [Fact]
    public async Task OpenSSL_is_told_to_give_its_buffers_back_for_each_certificate()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there .NET's TLS is OpenSSL's.");
        int before = OpenSslBuffers.ContextsTold;

        // Its certificate is new, so a context is made for it.
        await using ConnectionPair pair = await ConnectAsync();

        Assert.True(OpenSslBuffers.ContextsTold > before);
    }

    [Fact]
    public async Task Whoever_asked_for_the_handshake_makes_contexts_as_before()
    {
        await using ConnectionPair pair = await ConnectAsync();

        Assert.False(OpenSslBuffers.IsOn);
        OpenSslBuffers.ReleaseWhenIdle();
        Assert.Equal(OperatingSystem.IsLinux(), OpenSslBuffers.IsOn);
    }

    [Fact]
    public async Task Records_that_come_in_parts_survive_buffers_that_come_and_go()
    {
        await using ConnectionPair pair = await ConnectAsync();
        string text = new('x', 40_000);
        Task<string> reading = ReadAsync(pair.Server.Input, 3 * text.Length);
        for (int i = 0; i < 3; i++)
            await pair.Client.Output.WriteAsync(Encoding.ASCII.GetBytes(text));

        Assert.Equal(text + text + text, await reading.Within());
    }

    private static async Task<string> ReadAsync(PipeReader input, int length)
    {
        StringBuilder text = new();
        while (text.Length < length)
        {
            ReadResult result = await input.ReadAsync();
            text.Append(Encoding.ASCII.GetString(result.Buffer));
            input.AdvanceTo(result.Buffer.End);
        }

        return text.ToString();
    }
}
