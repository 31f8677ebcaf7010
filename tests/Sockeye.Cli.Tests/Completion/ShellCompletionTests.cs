using System.Diagnostics;

namespace Sockeye.Cli.Tests.Completion;

/// <summary>The scripts in the shells they are for: what Tab would offer.</summary>
public class ShellCompletionTests
{
    /// <summary>Bash says what was typed in these variables, and reads COMPREPLY.</summary>
    private const string AskBash = """
        eval "$("$1" completion bash)"
        compopt() { echo "[$*]"; }
        COMP_LINE=$2 COMP_POINT=${#2}
        _sockeye
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    /// <summary>Zsh says it in these, and is told by compadd.</summary>
    private const string AskZsh = """
        compdef() { }
        eval "$("$1" completion zsh)"
        compadd() { [[ $1 == -S ]] && { echo "[no space]"; shift 2 }; shift; print -rl -- "$@" }
        words=("${(@s: :)2}") CURRENT=$#words
        _sockeye
        """;

    [Theory]
    [InlineData("se", "serve")]
    [InlineData("serve upper --limit-", "--limit-per-address")]
    [InlineData("serve chat tc", "[-o nospace] [-o nospace] [-o nospace] tcp4:// tcp6:// tcp://")]
    [InlineData("serve chat tcp://l", "[-o nospace] //localhost:")]
    [InlineData("serve chat tcp://local", "[-o nospace] //localhost:")]
    [InlineData("connect --frames len", "[-o nospace] length:")]
    [InlineData("connect --frames length:4:li", "little")]
    [InlineData("connect --frames length:4:little:ma", "[-o nospace] max=")]
    [InlineData("connect --frames length:4:little:max=6", "64k")]
    [InlineData("connect unix-s", "[-o nospace] unix-seqpacket://")]
    [InlineData("relay tcp://:1 wss", "[-o nospace] wss://")]
    public async Task Bash_completes(string typed, string expected) => Assert.Equal(expected, await AskAsync("bash", AskBash, typed));

    [Theory]
    [InlineData("se", "serve")]
    [InlineData("serve upper --limit-", "--limit-per-address")]
    [InlineData("serve chat tc", "[no space] tcp4:// tcp6:// tcp://")]
    [InlineData("serve chat tcp://l", "[no space] tcp://localhost:")]
    [InlineData("serve chat nonsense", "")]
    [InlineData("connect --frames len", "[no space] length:")]
    [InlineData("connect --frames length:4:li", "length:4:little")]
    [InlineData("connect --frames length:4:little:ma", "[no space] length:4:little:max=")]
    [InlineData("connect unix-s", "[no space] unix-seqpacket://")]
    [InlineData("relay tcp://:1 wss", "[no space] wss://")]
    public async Task Zsh_completes(string typed, string expected) => Assert.Equal(expected, await AskAsync("zsh", AskZsh, typed));

    /// <summary>What is offered, in one line.</summary>
    private static async Task<string> AskAsync(string shell, string script, string typed)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Sockeye.Cli");
        ProcessStartInfo start = new(shell, ["-c", script, shell, program, $"{program} {typed}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await errors);
        return string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
