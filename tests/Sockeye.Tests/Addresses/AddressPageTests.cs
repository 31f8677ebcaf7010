using System.Text.RegularExpressions;

namespace Sockeye.Tests.Addresses;

/// <summary><c>docs/addresses.md</c> has every scheme and every option, and says no more than the tables in the code do.</summary>
public partial class AddressPageTests
{
    private static readonly string Page = Documents.Read("addresses.md");

    public static TheoryData<string> Examples => [.. Fence().Match(Page).Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    [Fact]
    public void Every_scheme_has_its_row() =>
        Assert.Equal(AddressSchemes.Names.Order(), Rows("scheme").Select(cells => Words(cells[0]).Single()).Order());

    [Fact]
    public void The_form_of_a_scheme_is_its_own_and_says_its_port()
    {
        Assert.All(Rows("scheme"), cells =>
        {
            AddressScheme scheme = AddressSchemes.Find(Words(cells[0]).Single())!;
            Assert.StartsWith(scheme.Name + "://", Words(cells[1]).Single());
            if (scheme.DefaultPort is { } port)
                Assert.Contains($"port {port} if none is given", cells[2]);
        });
    }

    [Fact]
    public void Every_option_has_its_row_in_the_order_of_the_table() =>
        Assert.Equal(AddressOptionTable.All.Select(option => option.Name), Rows("option").Select(cells => Words(cells[0]).Single()));

    [Fact]
    public void The_schemes_of_an_option_are_those_that_take_it()
    {
        Assert.All(Rows("option"), cells =>
        {
            AddressOption option = AddressOptionTable.All.Single(row => row.Name == Words(cells[0]).Single());
            Assert.Equal(option.Schemes.Order(), Words(cells[3]).Order());
        });
    }

    [Fact]
    public void The_numbers_of_an_option_are_its_limits()
    {
        string[][] ranges = [.. Rows("option").Where(cells => Range().IsMatch(cells[1]))];

        Assert.Equal(7, ranges.Length);
        Assert.All(ranges, cells =>
        {
            (string name, Match range) = (Words(cells[0]).Single(), Range().Match(cells[1]));
            (string from, string to) = (range.Groups["from"].Value, range.Groups["to"].Value);
            Assert.True(IsTaken(name, from));
            Assert.True(IsTaken(name, to));
            Assert.False(IsTaken(name, OneMore(to)));
            Assert.False(IsTaken(name, OneLess(from)));
        });
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_examples_are_addresses(string example) => Assert.True(Address.TryParse(example, out _, out string? error), error);

    [Theory]
    [InlineData("tcp://127.1:80")]
    [InlineData("tcp://0x7f.0.0.1:80")]
    [InlineData("tcp://name@host:80")]
    [InlineData("icmp://*")]
    [InlineData("unix://(unnamed)")]
    [InlineData("abstract://x?type=dgram&backlog=1")]
    public void What_the_page_says_is_refused_is(string text) => Assert.False(Address.TryParse(text, out _));

    private static bool IsTaken(string option, string value)
    {
        AddressOption row = AddressOptionTable.All.Single(row => row.Name == option);
        return row.Read(AddressOptions.None, value) is not null;
    }

    // "1024m" and "1023m" share their unit; "777" is octal, where one more is "1000".
    private static string OneMore(string number) => number == "777" ? "1000" : Step(number, 1);

    private static string OneLess(string number) => Step(number, -1);

    private static string Step(string number, int step)
    {
        string digits = number.TrimEnd('k', 'm');
        return $"{int.Parse(digits) + step}{number[digits.Length..]}";
    }

    /// <summary>The cells of the rows of the table whose first column has this title.</summary>
    private static string[][] Rows(string title) =>
        [.. Page.Split('\n')
            .SkipWhile(line => !line.StartsWith($"| {title} |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|', ' ').Split(" | "))];

    private static string[] Words(string cell) => [.. Code().Matches(cell).Select(match => match.Groups["word"].Value)];

    [GeneratedRegex("`(?<word>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^(?<from>[0-9]+[km]?) to (?<to>[0-9]+[km]?)")]
    private static partial Regex Range();

    [GeneratedRegex("^```\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
