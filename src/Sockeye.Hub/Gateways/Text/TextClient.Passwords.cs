using System.Net;
using System.Text;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Text;

/// <content>Passwords: asked for on a line of their own, which telnet does not show, or given with the command.</content>
internal sealed partial class TextClient
{
    private const string NoPassword = "off";

    /// <summary>The next line is a password; null: it is not.</summary>
    private PasswordPrompt? _prompt;
    private int _passwordsTried;

    /// <summary>Set by the loop, with the answer to a name: it is kept by a password, and this is what to say of it.</summary>
    private volatile string? _passwordWanted;

    private ValueTask PasswordAsync(string password)
    {
        if (password.Length == 0)
            Prompt(new PasswordPrompt(null), "* A password keeps your name yours. Nothing typed: it stays as it is; /password off takes it away.\r\nNew password: ");
        else
            return AskAsync(new ChatInput.SetPassword(this, password == NoPassword ? null : password), Awaited.Password);
        return ValueTask.CompletedTask;
    }

    /// <summary>Asks for a password, and for a telnet that shows nothing of it. A Unix socket has no telnet at its other end.</summary>
    private void Prompt(PasswordPrompt prompt, string text)
    {
        _prompt = prompt;
        byte[] echoOff = _connection.RemoteEndPoint is IPEndPoint ? _lines.Telnet.TurnEchoOff() ?? [] : [];
        Write((byte[])[.. Encoding.UTF8.GetBytes(text), .. echoOff]);
    }

    /// <summary>Asks for the same again: nothing is shown all the while.</summary>
    private void PromptAgain(string typed)
    {
        _prompt = new PasswordPrompt(null, typed);
        Write(Encoding.UTF8.GetBytes(_lines.Telnet.IsEchoOff ? "\r\nThe same again: " : "The same again: "));
    }

    /// <summary>Ends the asking: what is typed is shown again, from a new line on, as the line's end was not shown either.</summary>
    private PasswordPrompt EndPrompt()
    {
        PasswordPrompt prompt = _prompt!;
        _prompt = null;
        byte[] lineEnd = _lines.Telnet.IsEchoOff ? [.. "\r\n"u8] : [];
        Write((byte[])[.. _lines.Telnet.TurnEchoOn() ?? [], .. lineEnd]);
        return prompt;
    }

    private ValueTask TakePasswordAsync(string typed)
    {
        if (_prompt is { Name: null, Typed: null } && typed.Length > 0)
        {
            PromptAgain(typed);
            return ValueTask.CompletedTask;
        }

        PasswordPrompt prompt = EndPrompt();
        if (typed.Length == 0)
            return AskAgain();
        if (prompt.Name is { } name)
            return TakeFirstNameAsync(name, typed);
        return prompt.Typed == typed
            ? AskAsync(new ChatInput.SetPassword(this, typed), Awaited.Password)
            : TellThat("! That was not the same: your password stays as it is.");
    }

    /// <summary>No password has come.</summary>
    private ValueTask AskAgain()
    {
        if (_hasName)
            return TellThat("* Your password stays as it is.");
        AskForName();
        return ValueTask.CompletedTask;
    }

    /// <summary>The name is kept by a password, and none was given, or not this.</summary>
    private void PasswordIsWanted(string name, bool wasGiven, string why)
    {
        if (wasGiven && ++_passwordsTried >= _door.Limits.PasswordTriesMax)
        {
            Tell("! Too many wrong passwords: good-bye.");
            _isQuitting = true;
            return;
        }

        Tell($"{(wasGiven ? '!' : '*')} {why}");
        Prompt(new PasswordPrompt(name), "Password: ");
    }
}
