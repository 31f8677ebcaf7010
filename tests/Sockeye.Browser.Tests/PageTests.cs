using Microsoft.Playwright;

namespace Sockeye.Browser.Tests;

/// <summary>What tests of the page share: a hub, people at it, and that no page complained.</summary>
public abstract class PageTests(Chromium chromium) : IAsyncLifetime
{
    private readonly List<Person> _people = [];

    private protected RunningHub Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _ = chromium.Browser;
        Hub = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        string[] complaints = [.. _people.SelectMany(person => person.Complaints)];
        foreach (Person person in _people)
            await person.DisposeAsync();
        if (Hub is not null)
            await Hub.DisposeAsync();
        Assert.Empty(complaints);
    }

    private protected virtual Task<RunningHub> StartAsync() => RunningHub.StartAsync();

    private protected async Task<Person> OpenAsync(BrowserNewContextOptions? options = null)
    {
        Person person = await Person.OpenAsync(chromium, Hub, options);
        _people.Add(person);
        return person;
    }

    private protected async Task<Person> EnterAsync(string name, BrowserNewContextOptions? options = null)
    {
        Person person = await Person.EnterAsync(chromium, Hub, name, options);
        _people.Add(person);
        return person;
    }
}
