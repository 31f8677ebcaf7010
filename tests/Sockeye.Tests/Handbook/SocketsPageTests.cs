using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Sockeye.Tests.Handbook;

public partial class SocketsPageTests : HandbookTests
{
    [Fact]
    public void A_conversation()
    {
        // snippet: 01 conversation
        Network network = Network.Host;
        using NetworkSocket listener = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();

        using NetworkSocket client = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        client.Connect(listener.LocalEndPoint!);
        using NetworkSocket server = listener.Accept();

        client.SendAll("hello"u8);
        byte[] buffer = new byte[1024];
        int count = server.Receive(buffer);
        // end snippet
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, count));
    }

    [Fact]
    public async Task Three_forms()
    {
        CancellationToken stop = Stop;
        (NetworkSocket peer, NetworkSocket socket) = Network.Host.CreatePair();
        using (peer)
        using (socket)
        {
            byte[] buffer = new byte[1];
            peer.SendAll("ab"u8);
            // snippet: 01 three forms
            int count = socket.Receive(buffer);                                     // waits on this thread
            count = await socket.ReceiveAsync(buffer, cancellationToken: stop);     // waits without a thread
            SocketError error = socket.TryReceive(buffer, out count);               // does not wait, does not throw
            // end snippet
            Assert.Equal((SocketError.WouldBlock, 0), (error, count));
        }
    }

    [Fact]
    public async Task Timeout_and_cancelling()
    {
        (NetworkSocket peer, NetworkSocket socket) = Network.Host.CreatePair();
        using (peer)
        using (socket)
        {
            byte[] buffer = new byte[10];
            string log = "";
            // snippet: 01 timeout
            socket.Timeout = TimeSpan.FromMilliseconds(10);
            try
            {
                socket.Receive(buffer);
            }
            catch (SocketTimeoutException e)
            {
                log = e.Message;
            }
            // end snippet
            Assert.Contains("nothing within 0.01 s", log, StringComparison.Ordinal);
            socket.Timeout = null;

            // snippet: 01 cancelling
            using CancellationTokenSource impatient = new();
            ValueTask<int> receive = socket.ReceiveAsync(buffer, cancellationToken: impatient.Token);
            impatient.Cancel();
            try
            {
                await receive;
            }
            catch (OperationCanceledException)
            {
                peer.SendAll("late"u8);
            }

            int count = socket.Receive(buffer);     // 4: cancelling a receive loses nothing
            // end snippet
            Assert.Equal(4, count);
        }
    }

    [Fact]
    public async Task Watching()
    {
        using StringWriter output = new();
        // snippet: 01 watching
        (NetworkSocket one, NetworkSocket two) = Network.Host.CreatePair();
        await using TextRecorder recorder = new(output);
        one.Observer = two.Observer = recorder;
        one.SendAll("PING\r\n"u8);
        two.Receive(new byte[100]);
        one.Dispose();
        two.Receive(new byte[100]);
        two.Dispose();
        await recorder.FlushAsync();     // lines are written beside the sockets, which never wait for them
        // end snippet
        const string Shown = """
            #1 -> sent 6 "PING\r\n"
            #2 <- received 6 "PING\r\n"
            #1 -- closed: 6 sent, 0 received
            #2 <- half-closed by peer
            #2 -- closed: 0 sent, 6 received

            """;
        Assert.Equal(Shown, Time().Replace(output.ToString(), ""));
    }

    [GeneratedRegex(@"^ *\d+\.\d{6} ", RegexOptions.Multiline)]
    private static partial Regex Time();
}
