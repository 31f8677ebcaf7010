// Thanks everybody who connects, and hangs up.

using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:8888";
await using Listener listener = await Network.Host.ListenAsync(address);
Console.WriteLine($"Listening on {listener.Address}");

// The handler runs once for each connection, many at a time. When it returns, the connection is closed in order.
await Server.RunAsync(listener, async (connection, stop) =>
{
    Console.WriteLine($"Somebody connected: {connection.RemoteEndPoint}");
    await connection.WriteLineAsync("Thank you for connecting", stop);
});
