// Sticky packets: three messages go into a stream and come out cut elsewhere. With a codec, three come out.

using System.Buffers;
using System.Text;
using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:0";
await using Listener listener = await Network.Host.ListenAsync(address);
string[] messages = ["hello", "how are you?", "bye"];

Console.WriteLine("Three messages are sent one by one:");
foreach (string message in messages)
    Show(message);

Console.WriteLine("A buffer of 8 bytes receives:");
await using (Connection sender = await Network.Host.ConnectAsync(listener.Address))
await using (Connection receiver = (await listener.AcceptAsync())!)
{
    foreach (string message in messages)
        await sender.WriteAsync(Encoding.UTF8.GetBytes(message));
    await sender.Output.CompleteAsync();

    Stream stream = receiver.AsStream();
    byte[] buffer = new byte[8];
    int count;
    while ((count = await stream.ReadAsync(buffer)) > 0)
        Show(Encoding.UTF8.GetString(buffer, 0, count));
}

// The second argument may be any codec of the handbook's table: lines, delimiter:%00, netstring, slip...
FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Parse(args.Length > 1 ? args[1] : "length:2");
Console.WriteLine($"The codec {codec} receives:");
await using (Connection sender = await Network.Host.ConnectAsync(listener.Address))
await using (Connection receiver = (await listener.AcceptAsync())!)
{
    foreach (string message in messages)
        await sender.WriteFrameAsync(codec, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(message)));
    await sender.Output.CompleteAsync();

    await foreach (ReadOnlySequence<byte> frame in receiver.Frames(codec).ReadAllAsync())
        Show(Encoding.UTF8.GetString(frame));
}

static void Show(string text) => Console.WriteLine($"    [{text}]");
