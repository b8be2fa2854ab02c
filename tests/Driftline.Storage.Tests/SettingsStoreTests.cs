namespace Driftline.Storage.Tests;

public sealed class SettingsStoreTests
{
    [Fact]
    public async Task A_setting_comes_back_as_it_was_set_and_is_gone_when_it_is_taken_away()
    {
        await using var test = await TestDatabase.OpenAsync();
        var settings = test.Database.Settings;

        Assert.Null(await settings.GetAsync<string[]>("sizes", default));
        await settings.SetAsync("sizes", new[] { "a", "\"<b>" }, default);
        await settings.SetAsync("sizes", new[] { "c" }, default);
        Assert.Equal<string[]?>(["c"], await settings.GetAsync<string[]>("sizes", default));
        await settings.SetAsync<string[]>("sizes", null, default);
        Assert.Null(await settings.GetAsync<string[]>("sizes", default));
    }

    [Fact]
    public async Task Updates_that_meet_lose_nothing()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.ImportAsync("log.jsonl", Logs.Prompts(Logs.Run(), 0, 1));
        var lineage = (await test.Database.Lineages.LineagesAsync(default)).Single().Id;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            test.Database.Settings.UpdateAsync<int[]>(lineage, "seen", seen => [.. seen ?? [], i], default)));

        var kept = await test.Database.Settings.GetAsync<int[]>(lineage, "seen", default);
        Assert.Equal(Enumerable.Range(0, 20), kept!.Order());
    }

    [Fact]
    public async Task A_value_that_is_not_what_was_asked_for_is_named()
    {
        await using var test = await TestDatabase.OpenAsync();
        await test.Database.Settings.SetAsync("planned", "many", default);

        var problem = await Assert.ThrowsAsync<StorageException>(() => test.Database.Settings.GetAsync<int[]>("planned", default));

        Assert.Contains("'planned' holds \"many\"", problem.Message, StringComparison.Ordinal);
    }
}
