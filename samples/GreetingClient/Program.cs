// Only listens: shows what the server sends, until the server ends.

using Sockeye;

Address address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:8888";
await using Connection connection = await Network.Host.ConnectAsync(address);

// A connection is also a stream, and a stream can be copied to another.
await connection.AsStream().CopyToAsync(Console.OpenStandardOutput());
