
namespace Sockeye.Tests.Capturing;

public sealed class PcapngOutputTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly byte[] Packet = [0x45, .. new byte[999]];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sockeye-pcapng-");
    private readonly List<Exception> _failures = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_is_flushed_is_a_whole_file_though_nobody_closes_it()
    {
        using MemoryStream stream = new();
        PcapngOutput output = Output(new PcapngStreamTarget(stream));
        Write(output, 0);
        Assert.Empty(stream.ToArray());
        output.Flush();
        Assert.Single(MemoryFiles.Read(stream.ToArray()));
        Write(output, 1);
        output.Flush();
        Assert.Equal(2, MemoryFiles.Read(stream.ToArray()).Count);
    }

    [Fact]
    public void Long_before_a_flush_what_is_gathered_is_written()
    {
        using MemoryStream stream = new();
        PcapngOutput output = Output(new PcapngStreamTarget(stream));
        for (int i = 0; i < 1000; i++)
            Write(output, i);
        Assert.InRange(stream.Length, 1_000_000 - PcapngOutput.BufferBytes, 1_000_000);
        MemoryFiles.Read(stream.ToArray());
    }

    [Fact]
    public void A_full_disk_costs_packets_is_told_once_and_writing_goes_on_in_a_new_section()
    {
        using FullDisk disk = new();
        PcapngOutput output = Output(new PcapngStreamTarget(disk));
        long first = Write(output, 0);
        output.Flush();
        disk.Room = 500;
        long lost = Write(output, 1);
        output.Flush();
        long lostToo = Write(output, 1.5);
        Write(output, 2.5);
        output.Flush();
        Assert.IsType<IOException>(output.Failure);
        Assert.Single(_failures);
        Assert.Equal(3, output.Lost);
        Assert.Single(MemoryFiles.Read(disk.ToArray()));

        disk.Room = long.MaxValue;
        long after = Write(output, 4);
        output.Flush();
        Assert.Null(output.Failure);
        Assert.Equal([0.0, 4.0], MemoryFiles.Read(disk.ToArray()).Select(packet => (packet.Time - Start).TotalSeconds));
        Assert.Equal([true, false, false, true], new[] { first, lost, lostToo, after }.Select(output.Holds));

        disk.Room = 0;
        Write(output, 5);
        output.Flush();
        Assert.Equal(2, _failures.Count);
        disk.Room = long.MaxValue;
        output.Dispose();
        Assert.Equal(2, MemoryFiles.Read(disk.ToArray()).Count);
    }

    [Fact]
    public void A_stream_that_cannot_go_back_is_left_alone_after_a_torn_write()
    {
        using FullDisk disk = new() { IsPipe = true, Room = 500 };
        PcapngOutput output = Output(new PcapngStreamTarget(disk));
        Write(output, 0);
        output.Flush();
        disk.Room = long.MaxValue;
        Write(output, 2);
        output.Flush();
        output.Dispose();
        Assert.Equal(500, disk.Length);
        Assert.Equal(2, output.Lost);
    }

    [Fact]
    public void Files_follow_each_other_by_size_and_the_oldest_go()
    {
        string path = Path.Combine(_folder.FullName, "a.pcapng");
        using (PcapngOutput output = Output(new PcapngFileTarget(path, bytesMax: 5000, filesMax: 3)))
        {
            for (int i = 0; i < 20; i++)
                Write(output, i);
        }

        string[] files = [.. _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["a.1.pcapng", "a.2.pcapng", "a.pcapng"], files);
        List<double> times = [];
        foreach (string name in new[] { "a.2.pcapng", "a.1.pcapng", "a.pcapng" })
        {
            byte[] file = File.ReadAllBytes(Path.Combine(_folder.FullName, name));
            Assert.InRange(file.Length, 1000, 5300);
            times.AddRange(MemoryFiles.Read(file).Select(packet => (packet.Time - Start).TotalSeconds));
        }

        Assert.Equal(Enumerable.Range(20 - times.Count, times.Count).Select(i => (double)i), times);
    }

    [Fact]
    public void A_new_file_holds_nothing_of_the_old_one()
    {
        using PcapngOutput output = Output(new PcapngFileTarget(Path.Combine(_folder.FullName, "a.pcapng"), bytesMax: 1, filesMax: 2));
        long first = Write(output, 0);
        Assert.True(output.Holds(first));
        long second = Write(output, 1);
        Assert.False(output.Holds(first));
        Assert.True(output.Holds(second));
    }

    [Fact]
    public void A_file_that_cannot_be_moved_aside_is_kept_and_tried_again()
    {
        string path = Path.Combine(_folder.FullName, "a.pcapng");
        using PcapngOutput output = Output(new PcapngFileTarget(path, bytesMax: 1, filesMax: 2));
        Write(output, 0);

        // A folder that is not empty has the name that it would be moved to.
        string obstacle = Path.Combine(_folder.FullName, "a.1.pcapng");
        Directory.CreateDirectory(Path.Combine(obstacle, "full"));
        long lost = Write(output, 1);
        Assert.False(output.Holds(lost));
        Assert.Single(_failures);
        Assert.Single(MemoryFiles.Read(File.ReadAllBytes(path)));

        Directory.Delete(obstacle, recursive: true);
        Write(output, 3);
        output.Flush();
        Assert.Equal(3, Assert.Single(MemoryFiles.Read(File.ReadAllBytes(path))).Time.Second - Start.Second);
        Assert.Single(MemoryFiles.Read(File.ReadAllBytes(obstacle)));
    }

    [Fact]
    public void A_file_is_its_owners_alone()
    {
        string path = Path.Combine(_folder.FullName, "a.pcapng");
        using PcapngFileTarget target = new(path, 0, 1);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_file_that_cannot_be_made_says_its_name()
    {
        string path = Path.Combine(_folder.FullName, "none", "a.pcapng");
        Assert.Contains(path, Assert.Throws<IOException>(() => new PcapngRecorder(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_stand_before_what_follows_them()
    {
        using MemoryStream stream = new();
        PcapngOutput output = new(new PcapngStreamTarget(stream), () => "CLIENT_RANDOM 00 11\n"u8, _failures.Add);
        output.WriteSecrets();
        Write(output, 0);
        output.Dispose();
        byte[] file = stream.ToArray();
        Assert.InRange(file.AsSpan().IndexOf("CLIENT_RANDOM"u8), 1, file.AsSpan().IndexOf(Packet.AsSpan(0, 4)));
        Assert.Single(MemoryFiles.Read(file));
    }

    private PcapngOutput Output(PcapngTarget target) => new(target, secrets: null, _failures.Add);

    private static long Write(PcapngOutput output, double seconds)
    {
        output.MakeRoom(Start.AddSeconds(seconds), Packet.Length + 100);
        return output.Write(new SyntheticPacket { Time = Start.AddSeconds(seconds), IsOutbound = true, Bytes = Packet });
    }
}
