using System.Reflection;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub;

/// <summary>How far limits may be set: each within its own range, and where one must hold what another allows, so that it does.</summary>
internal static class HubLimitRules
{
    /// <summary>What is around a message in a queue, and a message grows to on its way there at most.</summary>
    private const int QueueBytesBeside = 384;
    private const int QueuedTimes = 4;

    /// <summary>The same in JSON: each character an escape of six, in an object of names and numbers.</summary>
    private const int JsonBytesBeside = 1024;
    private const int JsonTimes = 6;

    /// <summary>The receipt before a piece.</summary>
    private const int ReceiptBytes = 200;

    /// <summary>Looks at all of them.</summary>
    /// <exception cref="HubOptionException">One is not within its range, or does not go with another; by its path, as <c>Limits.Chat.MessageBytesMax</c>.</exception>
    public static void Check(HubOptions options)
    {
        CheckRanges(options, "");
        CheckTogether(options);
        CheckLobby(options.Limits.Chat);
    }

    /// <summary>Whether a property holds options of its own.</summary>
    public static bool IsSection(PropertyInfo property) => property.PropertyType.IsClass && property.PropertyType.Assembly == typeof(HubOptions).Assembly;

    private static void CheckRanges(object options, string path)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (IsSection(property))
                CheckRanges(property.GetValue(options)!, $"{path}{property.Name}.");
            else if (OptionRange.Of(property) is { } range && property.GetValue(options) is { } value && !range.Has(value))
                throw new HubOptionException(path + property.Name, $"it cannot be {OptionRange.Print(value)}: {range}");
        }
    }

    private static void CheckTogether(HubOptions options)
    {
        (HubLimits limits, int message) = (options.Limits, options.Limits.Chat.MessageBytesMax);
        const string Message = "Limits.Chat.MessageBytesMax", History = "Limits.Chat.HistoryMessagesMax";
        AtLeast("QueueBytesMax", options.QueueBytesMax, (QueuedTimes * message) + QueueBytesBeside, Message, message);
        AtLeast("Limits.Web.MessageBytesMax", limits.Web.MessageBytesMax, (JsonTimes * message) + JsonBytesBeside, Message, message);
        AtLeast("Limits.Text.EndlessLineBytesMax", limits.Text.EndlessLineBytesMax, message + limits.Text.CommandBytesMax + 1, Message, message);
        AtLeast("Limits.Udp.WaitingBytesMax", limits.Udp.WaitingBytesMax, message + limits.Udp.CommandBytesMax, Message, message);
        AtLeast("Limits.Udp.DatagramBytesMax", limits.Udp.DatagramBytesMax, limits.Udp.PieceBytesMax + ReceiptBytes, "Limits.Udp.PieceBytesMax", limits.Udp.PieceBytesMax);
        AtLeast("Limits.Udp.PendingBytesMax", limits.Udp.PendingBytesMax, limits.Udp.PieceBytesMax, "Limits.Udp.PieceBytesMax", limits.Udp.PieceBytesMax);
        AtLeast(History, limits.Chat.HistoryMessagesMax, limits.Text.PageMessages, "Limits.Text.PageMessages", limits.Text.PageMessages);
        AtLeast(History, limits.Chat.HistoryMessagesMax, limits.Text.HistoryShown, "Limits.Text.HistoryShown", limits.Text.HistoryShown);
        AtLeast(History, limits.Chat.HistoryMessagesMax, limits.Udp.HistoryMax, "Limits.Udp.HistoryMax", limits.Udp.HistoryMax);
        AtLeast("Limits.Udp.HistoryMax", limits.Udp.HistoryMax, limits.Udp.HistoryShown, "Limits.Udp.HistoryShown", limits.Udp.HistoryShown);

        // What the door takes on without an answer, the chat must not refuse.
        AtLeast("Limits.Chat.PerClient.Burst", limits.Chat.PerClient.Burst, limits.Text.UnansweredMax + 1, "Limits.Text.UnansweredMax", limits.Text.UnansweredMax);
    }

    private static void CheckLobby(ChatLimits chat)
    {
        if (new NameRules().Read(chat.Lobby, chat.NameCharactersMax, out _, out _) is { } why)
            throw new HubOptionException("Limits.Chat.Lobby", $"it cannot be \"{chat.Lobby}\": {char.ToLowerInvariant(why[0])}{why[1..].TrimEnd('.')}");
    }

    private static void AtLeast(string option, double value, double least, string because, double cause)
    {
        if (value < least)
            throw new HubOptionException(option, $"it cannot be {OptionRange.Print(value)} while {HubOptions.KeyOf(because)} is {OptionRange.Print(cause)}: it is {OptionRange.Print(least)} at least then");
    }
}
