using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Host;

/// <summary>The files of Unix sockets: a dead server's is no obstacle, a living one's and every other file is safe.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class UnixSocketFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sockeye-");

    private string SocketPath => Path.Combine(_folder.FullName, "server.sock");

    private Address Where => Address.FromEndPoint(new UnixDomainSocketEndPoint(SocketPath));

    private Address WhereDatagrams => Address.FromEndPoint(new UnixDomainSocketEndPoint(SocketPath), SocketType.Dgram);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_stale_file_is_replaced()
    {
        LeaveStaleFile(SocketType.Stream);
        await using Listener listener = await Network.Host.ListenAsync(Where);
        await using Connection client = await Network.Host.ConnectAsync(Where);
        client.Abort();
    }

    [Fact]
    public async Task A_stale_datagram_file_is_replaced()
    {
        LeaveStaleFile(SocketType.Dgram);
        await using DatagramSocket server = await Network.Host.OpenDatagramAsync(WhereDatagrams);
        await using DatagramSocket client = await Network.Host.ConnectDatagramAsync(WhereDatagrams);
        await client.SendAsync(new byte[3]);
        Assert.Equal(3, (await server.ReceiveAsync(new byte[8])).Bytes.Length);
    }

    [Fact]
    public async Task A_living_servers_file_is_in_use()
    {
        await using Listener listener = await Network.Host.ListenAsync(Where);
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ListenAsync(Where));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
        Assert.EndsWith("; another socket of this program has it; choose another path", e.Message, StringComparison.Ordinal);
        await using Connection client = await Network.Host.ConnectAsync(Where);
        client.Abort();
    }

    [Fact]
    public async Task A_living_datagram_servers_file_is_in_use_for_streams_too()
    {
        await using DatagramSocket server = await Network.Host.OpenDatagramAsync(WhereDatagrams);
        await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ListenAsync(Where));
        Assert.True(File.Exists(SocketPath));
    }

    [Theory]
    [InlineData("file", "the address is in use; a file that is no socket is there; remove it or choose another path")]
    [InlineData("folder", "the address is in use; a folder is there; choose another path")]
    [InlineData("link", "the address is in use; a file that is no socket is there; remove it or choose another path")]
    [InlineData("file/socket", "\"FOLDER/file\" is no folder; check the path")]
    [InlineData("none/socket", "the folder \"FOLDER/none\" does not exist; make it first, or check the path")]
    [InlineData("/proc/socket", "no socket can be made in \"/proc\"; choose a path in another folder")]
    public async Task What_is_in_the_way_of_a_path_is_said(string name, string expected)
    {
        string path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "file"), "");
        _folder.CreateSubdirectory("folder");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "link"), "nowhere");
        foreach (SocketType type in new[] { SocketType.Stream, SocketType.Dgram })
        {
            Address address = Address.FromEndPoint(new UnixDomainSocketEndPoint(path), type);
            SocketException e = await Assert.ThrowsAsync<SocketException>(async () =>
            {
                if (type == SocketType.Stream)
                    await Network.Host.ListenAsync(address);
                else
                    await Network.Host.OpenDatagramAsync(address);
            });
            Assert.EndsWith(": " + expected.Replace("FOLDER", _folder.FullName, StringComparison.Ordinal), e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_a_dead_server_left_is_told_from_a_living_ones()
    {
        LeaveStaleFile(SocketType.Stream);
        using NetworkSocket socket = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Stream);
        SocketException e = Assert.Throws<SocketException>(() => socket.Bind(new UnixDomainSocketEndPoint(SocketPath)));
        Assert.EndsWith("; a socket is there; remove it if no program has it any more, or choose another path", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_path_is_not_told_of_ports()
    {
        LeaveStaleFile(SocketType.Stream);
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ConnectAsync(Where));
        Assert.EndsWith(": refused; nothing listens there: start the server, or check the path", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_regular_file_is_never_deleted()
    {
        await File.WriteAllTextAsync(SocketPath, "precious");
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ListenAsync(Where));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath));
    }

    [Fact]
    public async Task A_link_is_not_followed()
    {
        string target = Path.Combine(_folder.FullName, "target");
        await File.WriteAllTextAsync(target, "precious");
        File.CreateSymbolicLink(SocketPath, target);
        await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ListenAsync(Where));
        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath));
    }

    [Fact]
    public async Task Stopping_removes_the_file()
    {
        Listener listener = await Network.Host.ListenAsync(Where);
        Assert.True(File.Exists(SocketPath));
        await listener.DisposeAsync();
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public async Task Stopping_leaves_the_file_of_a_successor()
    {
        await using Listener first = await Network.Host.ListenAsync(Where);
        File.Delete(SocketPath);
        await using Listener second = await Network.Host.ListenAsync(Where);
        await first.DisposeAsync();
        Assert.True(File.Exists(SocketPath));
        await using Connection client = await Network.Host.ConnectAsync(Where);
        client.Abort();
    }

    [Fact]
    public async Task A_server_that_took_the_path_in_the_last_moment_keeps_it()
    {
        LeaveStaleFile(SocketType.Stream);
        UnixSocketFile.Identity stale = UnixSocketFile.Identity.Read(SocketPath);

        // Kept under another name, so that its number is not the next file's.
        File.Move(SocketPath, SocketPath + ".kept");
        await using Listener living = await Network.Host.ListenAsync(Where);

        stale.TakeAway();

        await using Connection client = await Network.Host.ConnectAsync(Where);
        client.Abort();
        Assert.Equal([SocketPath, SocketPath + ".kept"], _folder.GetFileSystemInfos().Select(file => file.FullName).Order(StringComparer.Ordinal));
        await living.DisposeAsync();
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void A_path_that_is_free_already_is_left_so()
    {
        LeaveStaleFile(SocketType.Stream);
        UnixSocketFile.Identity stale = UnixSocketFile.Identity.Read(SocketPath);
        stale.TakeAway();
        stale.TakeAway();
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task Closing_an_accepted_connection_leaves_the_file()
    {
        await using Listener listener = await Network.Host.ListenAsync(Where);
        await using Connection client = await Network.Host.ConnectAsync(Where);
        (await listener.AcceptAsync())!.Abort();
        client.Abort();
        Assert.True(File.Exists(SocketPath));
    }

    [Theory]
    [InlineData("600", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("666", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    public async Task The_mode_in_an_address_is_the_files(string text, UnixFileMode mode)
    {
        await using Listener listener = await Network.Host.ListenAsync($"{Where}?mode={text}");
        Assert.Equal(mode, File.GetUnixFileMode(SocketPath));
    }

    [Fact]
    public async Task The_mode_in_the_options_is_the_files_unless_the_address_says_another()
    {
        ListenerOptions options = new() { UnixFileMode = UnixFileMode.UserRead };
        await using (await Network.Host.ListenAsync(Where, options))
            Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(SocketPath));
        await using (await Network.Host.ListenAsync($"{Where}?mode=600", options))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
    }

    [Fact]
    public async Task A_datagram_sockets_file_has_its_mode_too()
    {
        await using DatagramSocket server = await Network.Host.OpenDatagramAsync($"{WhereDatagrams}?mode=640");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(SocketPath));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_said()
    {
        Address nowhere = Address.FromEndPoint(new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "missing", "x.sock")));
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ListenAsync(nowhere));
        Assert.Equal(SocketError.AddressNotAvailable, e.SocketErrorCode);
        Assert.Contains(nowhere.ToString(), e.Message, StringComparison.Ordinal);
    }

    /// <summary>What a killed server leaves: a socket file that nobody has open. System.Net.Sockets deletes its own, so the file is moved away first.</summary>
    private void LeaveStaleFile(SocketType type)
    {
        string before = SocketPath + ".before";
        using (Socket dead = new(AddressFamily.Unix, type, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(before));
            File.Move(before, SocketPath);
        }

        Assert.True(File.Exists(SocketPath));
    }
}
