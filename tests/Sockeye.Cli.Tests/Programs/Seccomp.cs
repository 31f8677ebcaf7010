namespace Sockeye.Cli.Tests.Programs;

/// <summary>What containers do to programs: seccomp(2).</summary>
internal static class Seccomp
{
    /// <summary>For python3 -c: forbids a system call (epoll, io_uring) and runs a program, which finds it forbidden.</summary>
    public const string Forbid = """
        import ctypes, os, struct, sys
        calls = {"epoll": {"x86_64": 291, "aarch64": 20}, "io_uring": {"x86_64": 425, "aarch64": 425}}
        number = calls[sys.argv[1]][os.uname().machine]
        code = b"".join(struct.pack("HBBI", *step) for step in [
            (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000)])
        class Program(ctypes.Structure):
            _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(Program(4, code))):
            sys.exit("no seccomp")
        os.execvp(sys.argv[2], sys.argv[2:])
        """;
}
