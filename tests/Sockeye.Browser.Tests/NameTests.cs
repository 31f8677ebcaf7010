using static Microsoft.Playwright.Assertions;

namespace Sockeye.Browser.Tests;

/// <summary>Names, passwords, and whose hub it is.</summary>
public sealed class NameTests(Chromium chromium) : PageTests(chromium)
{
    [Fact]
    public async Task A_name_that_cannot_be_is_refused_beside_the_field()
    {
        await EnterAsync("Ana");
        Person other = await OpenAsync();
        await other.GoAsync();

        await other.NameAsync("a b");
        await Expect(other.Page.Locator("#name-problem")).ToContainTextAsync("no spaces");
        await Expect(other.Page.Locator("#name")).ToBeFocusedAsync();
        await other.NameAsync("ANA");
        await Expect(other.Page.Locator("#name-problem")).ToContainTextAsync("is here already");
        await other.NameAsync("Bo");
        await Expect(other.Title).ToHaveTextAsync("#lobby");
    }

    [Fact]
    public async Task Who_stands_at_the_door_while_the_hub_is_away_comes_in_when_it_is_back()
    {
        Person ana = await OpenAsync();
        await ana.GoAsync();
        await Expect(ana.Page.Locator("#name")).ToBeFocusedAsync();
        await Hub.StopAsync();
        await ana.NameAsync("Ana");
        await Expect(ana.Page.Locator("#name-problem")).ToContainTextAsync("The hub cannot be reached just now.");
        await Hub.OpenAsync();

        await Expect(ana.Title).ToHaveTextAsync("#lobby");
        await ana.SayAsync("there you are");
    }

    [Fact]
    public async Task A_password_keeps_a_name()
    {
        Person ana = await EnterAsync("Ana");
        await ana.Page.Locator("#me").ClickAsync();
        await ana.Page.Locator("#profile-password").FillAsync("korrekt horse");
        await ana.Page.Locator("#profile-password-button").ClickAsync();
        await Expect(ana.Page.Locator("#profile-said")).ToHaveTextAsync("A password keeps your name now.");

        Person other = await OpenAsync();
        await other.GoAsync();
        await other.NameAsync("Ana");
        await Expect(other.Page.Locator("#name-problem")).ToContainTextAsync("Ana is kept by a password");
        await Expect(other.Page.Locator("#password")).ToBeFocusedAsync();
        await other.Page.Locator("#password").FillAsync("not this one");
        await other.Page.Locator("#come-in").ClickAsync();
        await Expect(other.Page.Locator("#name-problem")).ToContainTextAsync("this was not it");
        await other.Page.Locator("#password").FillAsync("korrekt horse");
        await other.Page.Locator("#come-in").ClickAsync();

        await Expect(other.Page.Locator("#me")).ToContainTextAsync("Ana");
        await other.SayAsync("from my other computer");
        await Expect(ana.Page.Locator("#messages .own")).ToContainTextAsync("from my other computer");
    }

    [Fact]
    public async Task A_name_is_changed_for_everybody()
    {
        Person ana = await EnterAsync("Ana");
        Person bo = await EnterAsync("Bo");
        await ana.Page.Locator("#me").ClickAsync();
        await ana.Page.Locator("#profile-name").FillAsync("Bo");
        await ana.Page.Locator("#profile-name").PressAsync("Enter");
        await Expect(ana.Page.Locator("#profile-said")).ToContainTextAsync("is here already");
        await ana.Page.Locator("#profile-name").FillAsync("Anna");
        await ana.Page.Locator("#profile-name").PressAsync("Enter");

        await Expect(ana.Page.Locator("#profile-said")).ToHaveTextAsync("You are Anna now.");
        await Expect(bo.Page.Locator("#messages .note")).ToContainTextAsync("Ana is now Anna");
        await Expect(bo.Page.Locator("#people")).ToContainTextAsync("Anna");
    }

    [Fact]
    public async Task The_link_of_the_console_makes_the_owner_once()
    {
        string link = new Uri(Hub.OwnerLink!).Fragment;
        Person ana = await OpenAsync();
        await ana.GoAsync("/" + link);
        await ana.NameAsync("Ana");
        await Expect(ana.Page.Locator("#me")).ToContainTextAsync("Owner of this hub");
        Assert.DoesNotContain("owner", ana.Page.Url, StringComparison.Ordinal);

        Person bo = await OpenAsync();
        await bo.GoAsync("/" + link);
        await bo.NameAsync("Bo");
        await Expect(bo.Page.Locator("#notices")).ToContainTextAsync("This link makes nobody the owner");
        await Expect(bo.Page.Locator("#me")).ToContainTextAsync("Here");
    }
}
