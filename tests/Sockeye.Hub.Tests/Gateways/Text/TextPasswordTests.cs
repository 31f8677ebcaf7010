using System.Text;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>Names that are kept by a password, at the plain-text door.</summary>
public class TextPasswordTests
{
    private const string Secret = "correct horse 电池";

    private static readonly byte[] WillEcho = [255, 251, 1];
    private static readonly byte[] WontEcho = [255, 252, 1];
    private static readonly byte[] DoEcho = [255, 253, 1];
    private static readonly byte[] DontEcho = [255, 254, 1];

    [Fact]
    public async Task A_telnet_shows_nothing_while_a_password_is_typed_and_all_again_afterwards()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer witness = await hub.ComeAsync("Witness");
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync("/password");
        await tom.SaysAsync("New password: ");
        await tom.SaysAsync(WillEcho);
        await tom.SendAsync([.. DoEcho, .. Line(Secret)]);
        await tom.SaysAsync("\r\nThe same again: ");
        await tom.TypeAsync(Secret);
        await tom.SaysAsync([.. WontEcho, .. "\r\n"u8]);
        Assert.Equal("* Your name is kept by that password now.", await tom.LineAsync());
        await tom.SendAsync([.. DontEcho, .. Line("quit")]);
        await tom.EndAsync();

        await using TextPeer again = await hub.ConnectAsync();
        await again.TypeAsync("tom");
        await again.SaysAsync("* tom is kept by a password.\r\nPassword: ");
        await again.SaysAsync(WillEcho);
        await again.SendAsync([.. DoEcho, .. Line(Secret)]);
        await again.SaysAsync([.. WontEcho, .. "\r\n"u8]);
        await again.SaysAsync("* Welcome back, Tom.");
        await again.SendAsync([.. DontEcho, .. Line("here again")]);
        await witness.SaysAsync("Tom: here again\r\n");
        foreach (TextPeer peer in new[] { tom, again, witness })
            Assert.DoesNotContain(Secret, peer.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_knows_no_telnet_types_the_same_and_what_is_pasted_goes_through()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync("/password", Secret, Secret, "quit");
        Assert.Contains("* Your name is kept by that password now.", await tom.EndAsync(), StringComparison.Ordinal);

        await using TextPeer again = await hub.ConnectAsync();
        await again.TypeAsync("Tom", Secret, "/who", "quit");
        string all = await again.EndAsync();
        Assert.Contains("* Only you are in #lobby.", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_can_be_given_with_the_command_and_a_script_is_sent_no_telnet()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync("/password short", $"/password {Secret}");
        Assert.Equal(["! A password has 8 to 200 characters.", "* Your name is kept by that password now."], await tom.LinesAsync(2));

        // While the one is here, the other comes in as the same: the password says so.
        await using TextPeer again = await hub.ConnectAsync();
        await again.TypeAsync($"/name Tom {Secret}");
        await again.SaysAsync("* Welcome back, Tom.");
        await again.TypeAsync("/password off", "quit");
        Assert.Contains("* Your name is not kept by a password any more.", await again.EndAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("\ufffd", again.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_here_with_a_password_can_come_in_a_second_time_when_asked_for_it()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync($"/password {Secret}");
        await tom.LineAsync();
        await using TextPeer again = await hub.ConnectAsync(TextHub.Unix);
        await again.TypeAsync("Tom");
        await again.SaysAsync("* Tom is kept by a password.\r\nPassword: ");
        await again.TypeAsync(Secret);
        await again.SaysAsync("* You are in #lobby. Only you are here.\r\n");

        await tom.TypeAsync("from the one");
        Assert.Equal("[18:02] Tom: from the one", await again.LineAsync());
        Assert.DoesNotContain("\ufffd", again.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_typed_or_not_the_same_twice_leaves_the_password_as_it_is()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom", TextHub.Unix);
        await tom.TypeAsync("/password", "", "/password", Secret, "", "/password", Secret, "something else", "/password", "\u0003/who");

        string all = await tom.SettleAsync();
        Assert.Equal(3, Count(all, "* Your password stays as it is."));
        Assert.Equal(1, Count(all, "! That was not the same: your password stays as it is."));
        Assert.EndsWith("* Only you are in #lobby.\r\n", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_wrong_passwords_are_enough()
    {
        await using TextHub hub = await TextHub.StartAsync();
        await using TextPeer tom = await hub.ComeAsync("Tom");
        await tom.TypeAsync($"/password {Secret}", "quit");
        await tom.EndAsync();

        await using TextPeer other = await hub.ConnectAsync(TextHub.Unix);
        await other.TypeAsync("Tom", "wrong one", "", "Tom", "wrong two", "wrong three", "Tom");
        string all = await other.EndAsync();
        Assert.Equal(2, Count(all, "! Tom is kept by a password, and this was not it.\r\nPassword: "));
        Assert.EndsWith("! Too many wrong passwords: good-bye.\r\n", all, StringComparison.Ordinal);
    }

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\r\n");

    private static int Count(string all, string text) => all.Split(text).Length - 1;
}
